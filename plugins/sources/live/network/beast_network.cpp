#include "beast_network.hpp"

#include <thread>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "core.hpp"
#include "http_client.hpp"
#include "websocket.hpp"

namespace spillway::live {

namespace {

/// The user's handle of a timer; the pending wait shares what is called.
class CoreTimer final : public Network::Timer {
public:
    CoreTimer(std::shared_ptr<Core> core, Duration delay, std::function<void()> call)
        : core_(std::move(core)),
          timer_(core_->io.get_executor()),
          call_(std::make_shared<std::function<void()>>(std::move(call))) {
        timer_.expires_after(std::chrono::nanoseconds(delay));
        timer_.async_wait([call = call_](const error_code& error) {
            // Taken out first, as it may destroy the timer.
            const std::function<void()> now = std::exchange(*call, nullptr);
            if (!error && now) now();
        });
    }
    CoreTimer(const CoreTimer&) = delete;
    CoreTimer& operator=(const CoreTimer&) = delete;
    ~CoreTimer() override { *call_ = nullptr; }

private:
    std::shared_ptr<Core> core_;
    SteadyTimer timer_;
    std::shared_ptr<std::function<void()>> call_;
};

class BeastNetwork final : public Network {
public:
    explicit BeastNetwork(const NetworkSettings& settings)
        : core_(std::make_shared<Core>(settings)),
          http_(std::make_shared<HttpClient>(core_)),
          work_(core_->io.get_executor()),
          thread_([this] { core_->io.run(); }) {}
    BeastNetwork(const BeastNetwork&) = delete;
    BeastNetwork& operator=(const BeastNetwork&) = delete;

    ~BeastNetwork() override {
        core_->io.stop();
        thread_.join();
        core_->io.drop_handlers();
    }

    std::unique_ptr<Connection> open(const std::string& url, SocketEvents& events) override {
        return open_websocket(core_, url, events);
    }
    void request(Request request, std::function<void(Response)> done) override {
        http_->request(std::move(request), std::move(done));
    }
    std::unique_ptr<Timer> after(Duration delay, std::function<void()> call) override {
        return std::make_unique<CoreTimer>(core_, delay, std::move(call));
    }
    void post(std::function<void()> call) override { asio::post(core_->io, std::move(call)); }
    [[nodiscard]] Time now() const override { return wall_time(); }
    [[nodiscard]] Time steady() const override { return steady_time(); }

private:
    std::shared_ptr<Core> core_;
    std::shared_ptr<HttpClient> http_;
    asio::executor_work_guard<Executor> work_;
    std::thread thread_;
};

}  // namespace

Status check(const NetworkSettings& settings) noexcept {
    const Core core(settings);
    return core.problem.empty() ? Status() : Status(Code::bad_option, core.problem);
}

std::unique_ptr<Network> make_network(const NetworkSettings& settings) {
    return std::make_unique<BeastNetwork>(settings);
}

}  // namespace spillway::live
