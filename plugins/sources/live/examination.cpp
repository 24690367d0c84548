#include "examination.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "checkup.hpp"

namespace spillway::live {
namespace {

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

class Examination {
public:
    Examination(std::unique_ptr<Network> network, const Protocol& protocol, const Probe& probe,
                Examiner& out)
        : protocol_(protocol), probe_(probe), out_(out), network_(std::move(network)) {}

    void run(Driver::Settings settings) {
        settings.on_plan = [this](const Result<Plan>& plan) {
            if (plan) learn(*plan);
            planned_ = planned_ || plan;
        };
        driver_ =
            std::make_unique<Driver>(*network_, protocol_, mailbox_, figures_, std::move(settings));
        const Time started = network_->now();
        on_io_thread([this] {
            PlanBuilder lists;
            if (protocol_.prepare(lists).ok()) {
                if (const Result<Plan> plan = lists.take()) learn(*plan);
            }
            driver_->start({});
        });
        wait([this] { return planned_; });
        wait([this] { return checkup_.is_complete(); });
        on_io_thread([&] {
            checkup_.report(figures_, started, out_);
            driver_->finish();
        });
        wait([this] { return ended_; });
    }

private:
    /// The protocol is only ever called there.
    void on_io_thread(const std::function<void()>& call) {
        const auto task = std::make_shared<std::packaged_task<void()>>(call);
        network_->post([task] { (*task)(); });
        task->get_future().get();
    }

    template <class Done>
    void wait(Done&& done) {
        const Time until = network_->steady() + patience;
        for (;;) {
            bool is_done = false;
            std::vector<std::string> addresses;
            on_io_thread([&] {
                look();
                is_done = done();
                addresses = std::exchange(untried_, {});
            });
            for (const std::string& url : addresses) {
                if (!out_.stopped()) probe_(url);
            }
            if (!addresses.empty()) continue;
            if (is_done || ended_ || out_.stopped() || network_->steady() >= until) return;
            bell_.wait();
        }
    }

    // ---- on the I/O thread ----

    /// Before frames of the plan come. One address of each host is tried: the others share its
    /// fate.
    void learn(const Plan& plan) {
        checkup_.expect(plan);
        const auto add = [this](const std::string& url) {
            const std::string scheme = url.substr(0, url.find(':'));
            if (tried_.insert(scheme + host_of(url)).second) {
                untried_.emplace_back(without_query(url));
            }
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
    Checkup checkup_{protocol_};
    std::set<std::string> tried_;
    std::vector<std::string> untried_;
    bool planned_ = false, ended_ = false;
    std::unique_ptr<Driver> driver_;
    std::unique_ptr<Network> network_;  ///< goes first: then nobody calls the others
};

}  // namespace

void examine(std::unique_ptr<Network> network, const Protocol& protocol, Driver::Settings settings,
             const Probe& probe, Examiner& out) {
    Examination(std::move(network), protocol, probe, out).run(std::move(settings));
}

}  // namespace spillway::live
