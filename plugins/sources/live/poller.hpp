#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "context.hpp"
#include "plan.hpp"
#include "quota.hpp"

namespace spillway::live {

/// Sends the requests of a plan when they are due and the venue's quotas allow it. Replies become
/// frames. A poll that fails is tried again with growing waits, and says so once for each status;
/// penalties (429, 418, 403, 451) stop all that they concern.
class Poller {
public:
    struct Listener {
        /// The polls of `prepare` were all tried, and one has a new reply. Of those without any,
        /// the plan holds what it can say without them.
        std::function<void()> prepared;
        /// None of them is answered, and why; once for each reason.
        std::function<void(std::string_view why)> unprepared;
    };
    Poller(Context& context, Listener listener);
    ~Poller() = default;
    Poller(const Poller&) = delete;
    Poller& operator=(const Poller&) = delete;

    /// The polls of `prepare`.
    void prepare(const Plan& plan);
    /// Those of the plan: what is new starts, what is gone stops, the rest goes on.
    void update(const Plan& plan);
    void finish();

    /// None of the polls of `prepare` waits for its first reply, and one had one.
    [[nodiscard]] bool is_prepared() const noexcept;
    /// Of the polls of `prepare`, in their order; valid until the next call of the network.
    [[nodiscard]] std::vector<Reply> replies() const;
    /// The replies of `prepare` are of no use: they are asked for once more after a while.
    void ask_again();

private:
    struct Budget {
        Bucket bucket;
        QuotaFigures* figures = nullptr;
        std::string used_header, left_header;
    };
    /// What bans and blocks concern.
    struct Host {
        Bucket gate;
        std::uint32_t running = 0;
        bool blocked = false;
    };
    struct Job {
        PollPlan plan;
        bool prepares = false;
        double place = 0;
        Budget* budget = nullptr;
        Host* host = nullptr;
        Time due = 0;
        bool running = false;
        std::uint32_t page = 0;
        std::string page_query;
        std::vector<std::string> pages;    ///< of the round under way, for `prepare`
        std::vector<std::string> answers;  ///< of the last whole round
        Backoff backoff;
        std::string told;  ///< the reason of the failure that was told, while it lasts
    };

    void declare(const Plan& plan, bool prepares);
    void declare_quotas(const Plan& plan);
    [[nodiscard]] Budget& budget_of(const PollPlan& poll);
    void pump();
    [[nodiscard]] static Time ready(Job& job, Time now);
    void send(std::uint64_t id, Job& job);
    void done(std::uint64_t id, const std::string& host, Response response);
    static void correct(Job& job, const Response& response);
    void answered(Job& job, Response response, Time now);
    void compare_clocks(Time venue_time);
    [[nodiscard]] Time next_round(const Job& job);
    void whole_round(Job& job);
    void failed(Job& job, std::uint16_t status, std::string_view reason, std::string_view text,
                Time now);
    void penalty(Job& job, const Response& response, Time now);
    void tell_block(const Job& cause, std::uint16_t status, std::string_view text);
    [[nodiscard]] bool is_first_try() const noexcept;
    void put(const Job& job, std::uint16_t status, std::string_view bytes);

    Context& context_;
    Listener listener_;
    std::map<std::string, Budget, std::less<>> budgets_;
    std::map<std::string, Host, std::less<>> hosts_;
    std::map<std::uint64_t, Job> jobs_;
    std::uint64_t last_id_ = 0;
    Backoff asking_again_;
    bool lead_told_ = false;  ///< that the venue's clock is ahead, while it is
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  ///< replies may outlive us
    std::unique_ptr<Network::Timer> timer_;
};

}  // namespace spillway::live
