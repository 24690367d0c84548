#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "../beast_network.hpp"

namespace spillway::live {
class HttpClient;
}

namespace spillway::live::testing {

/// The real clients of HTTP and WebSocket on one thread and in simulated time, against servers that
/// say what a `Script` says. Every address is the same server; what it hears is of no matter, but
/// for the key of a handshake: "{accept}" in the script becomes its answer. Once the script is over
/// there are no more connections.
class PlayedNetwork final : public Network {
public:
    /// The script stays where it is.
    PlayedNetwork(const NetworkSettings& settings, std::string_view script);
    PlayedNetwork(const PlayedNetwork&) = delete;
    PlayedNetwork& operator=(const PlayedNetwork&) = delete;
    ~PlayedNetwork() override;

    /// Lets everything happen that is due, and then time pass until something is again. False:
    /// nothing will happen any more.
    bool step();

    [[nodiscard]] bool script_is_over() const noexcept;
    /// Connections that nobody closed.
    [[nodiscard]] std::size_t open_wires() const noexcept;
    [[nodiscard]] std::size_t unanswered_requests() const noexcept { return unanswered_; }
    /// Of all that was waited for on behalf of the user.
    [[nodiscard]] Duration longest_wait() const noexcept { return longest_wait_; }

    std::unique_ptr<Connection> open(const std::string& url, SocketEvents& events) override;
    void request(Request request, std::function<void(Response)> done) override;
    std::unique_ptr<Timer> after(Duration delay, std::function<void()> call) override;
    void post(std::function<void()> call) override;
    [[nodiscard]] Time now() const override;
    [[nodiscard]] Time steady() const override;

private:
    class World;

    std::shared_ptr<World> world_;
    std::shared_ptr<HttpClient> http_;
    std::size_t unanswered_ = 0;
    Duration longest_wait_ = 0;
};

}  // namespace spillway::live::testing
