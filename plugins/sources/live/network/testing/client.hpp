#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "beast_network.hpp"

namespace spillway::live::testing {

/// Longer than anything takes; only a test that fails waits for so long.
inline constexpr auto patience = std::chrono::seconds(30);

/// Hands what happens on a connection to the thread of the test.
class Events final : public SocketEvents {
public:
    /// "opened", "text:...", "binary:...", "heartbeat", "ended"; "nothing" if nothing comes.
    std::string next() {
        std::unique_lock lock(mutex_);
        if (!arrived_.wait_for(lock, patience, [this] { return !happened_.empty(); })) {
            return "nothing";
        }
        std::string first = std::move(happened_.front());
        happened_.pop_front();
        return first;
    }
    /// Waits for the end, whatever comes before it.
    Ended wait_for_end() { return wait_for_end_or("ended"); }
    /// Waits for the end, or for that event: then it is an Ended with `stopped`.
    Ended wait_for_end_or(std::string_view wanted) {
        for (std::string event = next(); event != "ended"; event = next()) {
            if (event == wanted) return {};
            if (event == "nothing") return {Ending::stopped, 0, "the test waited in vain"};
        }
        const std::lock_guard lock(mutex_);
        return ended_;
    }

    void opened() override { add("opened"); }
    void message(std::string_view bytes, bool binary) override {
        add((binary ? "binary:" : "text:") + std::string(bytes));
    }
    void heartbeat() override { add("heartbeat"); }
    void ended(const Ended& ended) override {
        const std::lock_guard lock(mutex_);
        ended_ = ended;
        happened_.emplace_back("ended");
        arrived_.notify_one();
    }

private:
    void add(std::string event) {
        const std::lock_guard lock(mutex_);
        happened_.push_back(std::move(event));
        arrived_.notify_one();
    }

    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<std::string> happened_;
    Ended ended_;
};

/// A network, used from the thread of the test: everything is carried to the I/O thread.
class Client {
public:
    explicit Client(const NetworkSettings& settings,
                    std::shared_ptr<IoThread> thread = make_io_thread())
        : network_(make_network(settings, std::move(thread))) {}

    /// Runs the call on the I/O thread and waits for it.
    void run(const std::function<void(Network&)>& call) {
        const auto done = std::make_shared<std::promise<void>>();
        network_->post([this, &call, done] {
            call(*network_);
            done->set_value();
        });
        done->get_future().wait();
    }
    std::unique_ptr<Connection> open(const std::string& url, Events& events) {
        std::unique_ptr<Connection> connection;
        run([&](Network& network) { connection = network.open(url, events); });
        return connection;
    }
    void close(std::unique_ptr<Connection> connection) {
        run([&](Network&) { connection.reset(); });
    }
    std::future<Response> start(Request request) {
        auto promise = std::make_shared<std::promise<Response>>();
        run([&](Network& network) {
            network.request(std::move(request),
                            [promise](Response r) { promise->set_value(std::move(r)); });
        });
        return promise->get_future();
    }
    Response get(const std::string& url, Duration timeout = 20 * second) {
        Request request;
        request.url = url;
        request.timeout = timeout;
        return start(std::move(request)).get();
    }

private:
    std::unique_ptr<Network> network_;
};

}  // namespace spillway::live::testing
