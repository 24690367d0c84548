#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../network/network.hpp"

namespace spillway::live {

/// A network in simulated time that a test plays the venue of. Time passes only in `pass`.
class FakeNetwork final : public Network {
public:
    /// One connection as the venue sees it.
    struct Link {
        std::string url;
        SocketEvents* events = nullptr;  ///< null: cut by our side, or ended
        std::vector<std::string> sent;   ///< by the driver
        std::uint32_t pings = 0;
        bool opened = false, goodbye = false;
    };
    struct Asked {
        Request request;
        Time at = 0;
        std::function<void(Response)> done;
    };

    // ---- the venue ----

    /// Told of each attempt to connect; opens it if there is nobody to be told.
    std::function<void(Link&)> on_connect;
    std::function<void(Link&, const std::string&)> on_send;
    /// Answers requests; without it they wait in `asked`.
    std::function<Response(const Request&)> on_request;
    std::vector<std::shared_ptr<Link>> links;  ///< all there ever were, unless `forget`
    std::vector<Asked> asked;
    bool answers_goodbye = true;
    Duration passes_with_posts = 0;  ///< for callers that wait on another thread
    std::uint64_t connects = 0;

    void accept(Link& link) {
        link.opened = true;
        link.events->opened();
    }
    void say(Link& link, std::string_view text, bool binary = false) {
        // Exactly as long as the message: reading behind it is seen by sanitizers.
        const std::vector<char> bytes(text.begin(), text.end());
        if (link.events != nullptr) link.events->message({bytes.data(), bytes.size()}, binary);
    }
    void end(Link& link, const Ended& ended) {
        if (SocketEvents* events = std::exchange(link.events, nullptr)) events->ended(ended);
    }
    void end(Link& link, Ending how, std::uint16_t code = 0) {
        end(link, Ended{how, code, "scripted", {}, {}, 0});
    }
    void forget_ended() {
        std::erase_if(links, [](const auto& link) { return link->events == nullptr; });
    }
    [[nodiscard]] std::vector<Link*> alive() {
        std::vector<Link*> result;
        for (const auto& link : links) {
            if (link->events != nullptr && link->opened) result.push_back(link.get());
        }
        return result;
    }
    static Response reply(std::uint16_t status, std::string body) {
        Response response;
        response.status = status;
        response.body = std::move(body);
        response.body.reserve(response.body.size() + 64);
        return response;
    }

    /// Lets time pass; what is due happens in its order.
    void pass(Duration span) {
        const Time until = now_ + span;
        while (!due_->empty() && due_->begin()->first.first <= until) {
            const auto event = due_->begin();
            now_ = std::max(now_, event->first.first);
            const std::function<void()> call = std::move(event->second);
            due_->erase(event);
            call();
        }
        now_ = until;
    }
    /// Somebody sets the clock of the machine.
    void set_clock(Duration by) noexcept { clock_error_ += by; }
    [[nodiscard]] std::size_t pending() const noexcept { return due_->size(); }

    // ---- Network ----

    std::unique_ptr<Connection> open(const std::string& url, SocketEvents& events) override {
        auto link = std::make_shared<Link>();
        link->url = url;
        link->events = &events;
        links.push_back(link);
        ++connects;
        at(now_, [this, weak = std::weak_ptr(link)] {
            const auto opening = weak.lock();
            if (!opening || opening->events == nullptr) return;
            if (on_connect) {
                on_connect(*opening);
            } else {
                accept(*opening);
            }
        });
        return std::make_unique<FakeConnection>(*this, link);
    }
    void request(Request request, std::function<void(Response)> done) override {
        asked.push_back({std::move(request), now_, std::move(done)});
        if (!on_request) return;
        at(now_ + 50 * millisecond, [this, done = asked.back().done, sent = asked.back().request] {
            done(on_request(sent));
        });
    }
    std::unique_ptr<Timer> after(Duration delay, std::function<void()> call) override {
        return std::make_unique<FakeTimer>(
            due_, at(now_ + std::max<Duration>(delay, 0), std::move(call)));
    }
    void post(std::function<void()> call) override {
        call();
        if (passes_with_posts > 0) pass(passes_with_posts);
    }
    [[nodiscard]] Time now() const override { return now_ + clock_error_; }
    [[nodiscard]] Time steady() const override { return now_; }

private:
    using Key = std::pair<Time, std::uint64_t>;
    using Due = std::map<Key, std::function<void()>>;

    class FakeTimer final : public Timer {
    public:
        FakeTimer(std::shared_ptr<Due> due, Key key) : due_(std::move(due)), key_(key) {}
        FakeTimer(const FakeTimer&) = delete;
        FakeTimer& operator=(const FakeTimer&) = delete;
        ~FakeTimer() override { due_->erase(key_); }

    private:
        std::shared_ptr<Due> due_;
        Key key_;
    };

    class FakeConnection final : public Connection {
    public:
        FakeConnection(FakeNetwork& network, std::shared_ptr<Link> link)
            : network_(network), link_(std::move(link)) {}
        FakeConnection(const FakeConnection&) = delete;
        FakeConnection& operator=(const FakeConnection&) = delete;
        ~FakeConnection() override { link_->events = nullptr; }
        void send(std::string text) override {
            link_->sent.push_back(text);
            network_.at(network_.now_, [&network = network_, link = link_, text] {
                if (network.on_send && link->events != nullptr) network.on_send(*link, text);
            });
        }
        void ping() override { ++link_->pings; }
        void close() override {
            link_->goodbye = true;
            if (!network_.answers_goodbye) return;
            network_.at(network_.now_, [&network = network_, link = link_] {
                network.end(*link, Ended{Ending::stopped, 1000, {}, {}, {}, 0});
            });
        }

    private:
        FakeNetwork& network_;
        std::shared_ptr<Link> link_;
    };

    Key at(Time time, std::function<void()> call) {
        const Key key{time, ++last_};
        due_->emplace(key, std::move(call));
        return key;
    }

    Time now_ = 1'770'000'000 * second;
    Duration clock_error_ = 0;
    std::uint64_t last_ = 0;
    std::shared_ptr<Due> due_ = std::make_shared<Due>();  ///< timers may outlive the network
};

}  // namespace spillway::live
