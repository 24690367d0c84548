#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <spillway/examination.hpp>
#include <spillway/frame.hpp>

#include "figures.hpp"
#include "network/probe_clock.hpp"
#include "plan.hpp"

namespace spillway::live {

/// "https://api.bybit.com/v5/market/tickers": an address without what may be secret in it.
[[nodiscard]] std::string_view without_query(std::string_view url) noexcept;

/// What `doctor` concludes from the frames that a driver brings in its first seconds.
class Checkup {
public:
    /// `venue`: the channel of frames that concern no socket and no poll.
    Checkup(const Protocol& protocol, std::string venue) noexcept
        : protocol_(protocol), venue_(std::move(venue)) {}

    void expect_lists(const Plan& lists);
    void expect(const Plan& plan);
    /// Of the lists that came no plan can be made.
    void refuse(const Status& why) { refused_ = why.code(); }
    /// There is no plan; this is what it would be without any list.
    void do_without_lists(const Result<Plan>& plan);
    void take(const Frame& frame);
    /// The head of a reply, which frames do not hold.
    void hear(std::string_view url, const Response& response, Time received);
    /// The venue as a whole: there is no plan, and it was said why.
    [[nodiscard]] bool is_out() const noexcept { return !trouble_.empty(); }
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
        bool is_list = false, answered = false, good = false;
        std::uint16_t status = 0;
        std::string trouble;
        bool refused_key = false;
        std::optional<Duration> skew;
    };
    void take_reply(const Frame& frame);
    void take_change(const Frame& frame);
    void take(const Frame& frame, Line& line) const;
    [[nodiscard]] bool is_refused() const;
    void report_outage(Examiner& out) const;
    void report_untried(Examiner& out) const;
    void report_line(const Line& line, Time started, Examiner& out) const;
    static void report_subscription(std::string_view url, const Line& line, bool refused,
                                    Time started, Examiner& out);
    void report_topics(Examiner& out) const;
    void report_polls(Examiner& out) const;
    static void report_replies(std::string_view host, std::span<const Asked* const> polls,
                               Examiner& out);
    static void report_key(std::string_view host, std::span<const Asked* const> polls,
                           Examiner& out);
    void report_clock(std::string_view host, std::span<const Asked* const> polls,
                      Examiner& out) const;

    const Protocol& protocol_;
    const std::string venue_;
    std::map<std::string, Line, std::less<>> lines_;        ///< by socket
    std::map<std::string, Asked, std::less<>> polls_;       ///< by channel
    std::map<std::string, ClockLead, std::less<>> clocks_;  ///< by host
    std::map<std::string, std::string, std::less<>> ill_;   ///< topics of a kind, by channel
    std::vector<MissingPlan> missing_;
    std::string trouble_;  ///< of the venue as a whole
    std::optional<Code> refused_;
    std::vector<SocketPlan> untried_;  ///< sockets without anything to subscribe to
    bool knows_sockets_ = true;        ///< also without the lists
};

}  // namespace spillway::live
