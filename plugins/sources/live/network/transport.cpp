#include "transport.hpp"

#include <utility>

#include <boost/asio/post.hpp>

#include "core.hpp"

namespace spillway::live {

namespace {

class SocketTimer final : public Network::Timer {
public:
    SocketTimer(std::shared_ptr<Core> core, Duration delay, std::function<void()> call)
        : core_(std::move(core)), timer_(core_->io.get_executor()) {
        auto pending = std::make_shared<std::function<void()>>(std::move(call));
        call_ = pending;
        timer_.expires_after(std::chrono::nanoseconds(delay));
        timer_.async_wait([pending = std::move(pending)](const error_code& error) {
            // Taken out first, as it may destroy the timer.
            const std::function<void()> now = std::exchange(*pending, nullptr);
            if (!error && now) now();
        });
    }
    SocketTimer(const SocketTimer&) = delete;
    SocketTimer& operator=(const SocketTimer&) = delete;
    ~SocketTimer() override {
        if (const auto pending = call_.lock()) *pending = nullptr;
    }

private:
    std::shared_ptr<Core> core_;
    SteadyTimer timer_;
    std::weak_ptr<std::function<void()>> call_;
};

class Sockets final : public Transport {
public:
    explicit Sockets(std::shared_ptr<Core> core) : core_(std::move(core)) {}

    [[nodiscard]] const NetworkSettings& settings() const noexcept override {
        return core_->settings;
    }
    std::shared_ptr<Dial> dial(const Url& url, Trace trace, Dial::Done done) override {
        return live::dial(core_, url, std::move(trace), std::move(done));
    }
    std::unique_ptr<Network::Timer> after(Duration delay, std::function<void()> call) override {
        return std::make_unique<SocketTimer>(core_, delay, std::move(call));
    }
    void post(std::function<void()> call) override { asio::post(core_->io, std::move(call)); }
    [[nodiscard]] Time now() const override { return wall_time(); }
    [[nodiscard]] Time steady() const override { return steady_time(); }

private:
    std::shared_ptr<Core> core_;
};

}  // namespace

std::shared_ptr<Transport> over_sockets(std::shared_ptr<Core> core) {
    return std::make_shared<Sockets>(std::move(core));
}

}  // namespace spillway::live
