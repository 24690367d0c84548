#include "examination.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "checkup.hpp"
#include "network/probe.hpp"

namespace spillway::live {
namespace {

// From the start. Together they keep within the half minute that users are told.
constexpr Duration until_planned = 14 * second;
constexpr Duration until_told = 28 * second;  // all that came is told
constexpr Duration until_closed = 29 * second;
/// For what comes after the plan.
constexpr Duration patience = 15 * second;
constexpr auto look_every = std::chrono::milliseconds(100);

class Bell final : public Arrivals {
public:
    void notify() noexcept override {
        const std::lock_guard lock(mutex_);
        rung_ = true;
        changed_.notify_one();
    }
    void wait() {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, look_every, [&] { return rung_; });
        rung_ = false;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool rung_ = false;
};

/// Another network, whose replies somebody hears before they are answered.
class Overheard final : public Network {
public:
    using Hear = std::function<void(const std::string& url, const Response& response)>;

    Overheard(std::unique_ptr<Network> network, Hear hear)
        : hear_(std::move(hear)), network_(std::move(network)) {}

    std::unique_ptr<Connection> open(const std::string& url, SocketEvents& events) override {
        return network_->open(url, events);
    }
    void request(Request request, std::function<void(Response)> done) override {
        std::string url = request.url;
        network_->request(std::move(request),
                          [this, url = std::move(url), done = std::move(done)](Response response) {
                              hear_(url, response);
                              done(std::move(response));
                          });
    }
    std::unique_ptr<Timer> after(Duration delay, std::function<void()> call) override {
        return network_->after(delay, std::move(call));
    }
    void post(std::function<void()> call) override { network_->post(std::move(call)); }
    Arrivals* gather(Arrivals* arrivals) override { return network_->gather(arrivals); }
    [[nodiscard]] Time now() const override { return network_->now(); }
    [[nodiscard]] Time steady() const override { return network_->steady(); }

private:
    Hear hear_;
    std::unique_ptr<Network> network_;
};

class Examination {
public:
    Examination(std::unique_ptr<Network> network, const Protocol& protocol, std::string venue,
                const Probe& probe, Examiner& out)
        : protocol_(protocol),
          probe_(probe),
          out_(out),
          checkup_(protocol, std::move(venue)),
          network_(std::make_unique<Overheard>(
              std::move(network), [this](const std::string& url, const Response& response) {
                  checkup_.hear(url, response, network_->now());
              })) {}

    void run(Driver::Settings settings) {
        settings.on_plan = [this](const Result<Plan>& plan) {
            if (!plan) return checkup_.refuse(plan.error());
            planned_ = true;
            checkup_.expect(*plan);
            try_hosts_of(*plan);
        };
        driver_ =
            std::make_unique<Driver>(*network_, protocol_, mailbox_, figures_, std::move(settings));
        started_ = network_->steady();
        const Time started = network_->now();
        on_io_thread([this] {
            ask_for_lists();
            driver_->start({});
        });
        wait(until_planned, [this] { return planned_ || checkup_.is_out(); });
        on_io_thread([this] {
            if (!planned_) do_without_lists();
        });
        wait(until_planned, [this] { return planned_; });
        wait(std::min(until_told, elapsed() + patience), [this] { return checkup_.is_complete(); });
        on_io_thread([&] {
            checkup_.report(figures_, started, out_);
            driver_->finish();
        });
        wait(until_closed, [this] { return ended_; });
    }

private:
    /// The protocol is only ever called there.
    void on_io_thread(const std::function<void()>& call) {
        const auto task = std::make_shared<std::packaged_task<void()>>(call);
        network_->post([task] { (*task)(); });
        task->get_future().get();
    }

    /// Tries the addresses that become known meanwhile.
    template <class Done>
    void wait(Duration until, Done&& done) {
        for (;;) {
            bool is_done = false;
            std::vector<std::string> addresses;
            on_io_thread([&] {
                look();
                is_done = done();
                addresses = std::exchange(untried_, {});
            });
            for (const std::string& url : addresses) try_address(url);
            if (!addresses.empty()) continue;
            if (is_done || ended_ || out_.stopped() || elapsed() >= until) return;
            bell_.wait();
        }
    }

    [[nodiscard]] Duration elapsed() const { return network_->steady() - started_; }

    void try_address(const std::string& url) {
        if (out_.stopped()) return;
        if (elapsed() + longest_probe <= until_told) return probe_(url);
        out_.report({without_query(url), "connection", Outcome::skipped,
                     "not tried: the time is over, as other addresses of the venue hang",
                     "see what is wrong with those first"});
    }

    // ---- on the I/O thread ----

    void ask_for_lists() {
        PlanBuilder builder;
        if (!protocol_.prepare(builder).ok()) return;
        const Result<Plan> lists = builder.take();
        if (!lists) return;
        quotas_ = lists->quotas;
        checkup_.expect_lists(*lists);
        try_hosts_of(*lists);
    }

    /// Most venues know their sockets without any list.
    void do_without_lists() {
        PlanBuilder builder;
        const Status status = protocol_.plan({}, builder);
        Result<Plan> plan = status.ok() ? builder.take(quotas_) : tl::make_unexpected(status);
        checkup_.do_without_lists(plan);
        if (plan) try_hosts_of(*plan);
    }

    /// One address of each host is tried: the others share its fate.
    void try_hosts_of(const Plan& plan) {
        const auto add = [this](const std::string& url) {
            const std::string scheme = url.substr(0, url.find(':'));
            if (tried_.insert(scheme + host_of(url)).second) untried_.push_back(url);
        };
        for (const SocketPlan& socket : plan.sockets) add(socket.url);
        for (const PollPlan& poll : plan.polls) add(poll.url);
    }

    void look() {
        for (ReadState state = ReadState::more; state == ReadState::more;) {
            SourceOutput output;
            output.events = BatchRef::create();
            output.letters = BatchRef::create();
            state = mailbox_.take(output);
            ended_ = state == ReadState::end;
            for (const Frame& frame : output.frames) checkup_.take(frame);
        }
    }

    const Protocol& protocol_;
    const Probe& probe_;
    Examiner& out_;
    Bell bell_;
    Mailbox mailbox_{VenueId::none, 64U << 20U, &bell_};
    Figures figures_;
    Checkup checkup_;
    Time started_ = 0;
    std::vector<QuotaPlan> quotas_;
    std::set<std::string> tried_;
    std::vector<std::string> untried_;
    bool planned_ = false, ended_ = false;
    std::unique_ptr<Driver> driver_;
    std::unique_ptr<Network> network_;  ///< goes first: then nobody calls the others
};

}  // namespace

void examine(std::unique_ptr<Network> network, const Protocol& protocol, Driver::Settings settings,
             const Probe& probe, Examiner& out) {
    Examination(std::move(network), protocol, settings.venue, probe, out).run(std::move(settings));
}

}  // namespace spillway::live
