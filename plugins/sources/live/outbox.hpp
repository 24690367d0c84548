#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "network/network.hpp"
#include "quota.hpp"

namespace spillway::live {

/// Sends messages on a connection no faster than the venue allows.
class Outbox {
public:
    Outbox(Network& network, double messages_per_second)
        : network_(network), pacer_(gap_of(messages_per_second, second)) {}

    void open(Connection* connection) {
        connection_ = connection;
        send();
    }
    void push(std::string text) {
        waiting_.push_back(std::move(text));
        send();
    }
    /// Before all that waits: heartbeats.
    void push_first(std::string text) {
        waiting_.push_front(std::move(text));
        send();
    }
    [[nodiscard]] bool empty() const noexcept { return waiting_.empty(); }

private:
    void go_on() {
        timer_.reset();
        send();
    }
    void send() {
        if (connection_ == nullptr || timer_) return;
        while (!waiting_.empty()) {
            const Time now = network_.steady();
            if (pacer_.next() > now) {
                timer_ = network_.after(pacer_.next() - now, [this] { go_on(); });
                return;
            }
            static_cast<void>(pacer_.take(now));
            connection_->send(std::exchange(waiting_.front(), {}));
            waiting_.pop_front();
        }
    }

    Network& network_;
    Pacer pacer_;
    Connection* connection_ = nullptr;
    std::deque<std::string> waiting_;
    std::unique_ptr<Network::Timer> timer_;
};

}  // namespace spillway::live
