#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/examination.hpp>
#include <spillway/frame.hpp>

#include "figures.hpp"
#include "plan.hpp"

namespace spillway::live {

/// "https://api.bybit.com/v5/market/tickers": an address without what may be secret in it.
[[nodiscard]] std::string_view without_query(std::string_view url) noexcept;

/// What `doctor` concludes from the frames that a driver brings in its first seconds.
class Checkup {
public:
    explicit Checkup(const Protocol& protocol) noexcept : protocol_(protocol) {}

    /// Of the lists, then of the plan.
    void expect(const Plan& plan);
    void take(const Frame& frame);
    /// Everything that can come soon is there.
    [[nodiscard]] bool is_complete() const noexcept;
    void report(const Figures& figures, Time started, Examiner& out) const;

private:
    struct Line {
        SocketPlan plan;
        std::size_t topics = 0;
        bool steady = false;  ///< a topic is never silent for long
        std::optional<Time> opened, subscribed, first_data;
        std::string trouble, refusal;
    };
    struct Asked {
        PollPlan plan;
        bool answered = false, good = false;
        std::uint16_t status = 0;
        std::string trouble;
        bool refused_key = false;
        std::optional<Duration> skew;
    };
    void take_reply(const Frame& frame);
    static void report_line(const Line& line, Time started, Examiner& out);
    void report_polls(Examiner& out) const;
    static void report_host(std::string_view host, std::span<const Asked* const> polls,
                            Examiner& out);

    const Protocol& protocol_;
    std::map<std::string, Line, std::less<>> lines_;   ///< by socket
    std::map<std::string, Asked, std::less<>> polls_;  ///< by channel
    std::vector<MissingPlan> missing_;
    std::string trouble_;  ///< of no socket and no poll
};

}  // namespace spillway::live
