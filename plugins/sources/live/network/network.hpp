#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <spillway/protocol.hpp>
#include <spillway/source.hpp>
#include <spillway/time.hpp>

namespace spillway::live {

/// How a connection or request came to its end. The names are label values of metrics.
enum class Ending : std::uint8_t {
    stopped,    ///< by us
    dns,        ///< no address
    connect,    ///< no TCP connection: refused, unreachable, timed out
    proxy,      ///< the proxy would not
    tls,        ///< no trusted TLS session; `why` says whether name, date or issuer is wrong
    status,     ///< the server answered with an HTTP status that is no success; `code` has it
    closed,     ///< the venue closed in order; `code` is that of WebSocket
    lost,       ///< cut, reset, or ended in the middle of a message
    silent,     ///< nothing came for too long, in any phase
    too_large,  ///< a message above the limit
    malformed,  ///< against HTTP, WebSocket, UTF-8 or gzip
};

/// What to do about a connection or exchange that ended so; empty if nothing. `status`: of HTTP.
[[nodiscard]] std::string_view advice_on(Ending how, std::uint16_t status) noexcept;

struct Ended {
    Ending how = Ending::stopped;
    std::uint16_t code = 0;
    std::string why;  ///< for people, without secrets
    std::optional<Duration> retry_after = {};
    /// Of `too_large` and `malformed`: how the message begins and how large it is, if that is
    /// known.
    std::string head = {};
    std::uint64_t size = 0;
};

/// What happens on a connection, told on the I/O thread. `ended` is the last call, and the only
/// one if the connection could not be opened.
class SocketEvents {
public:
    virtual void opened() = 0;
    /// A whole message; the view is valid during the call.
    virtual void message(std::string_view bytes, bool binary) = 0;
    /// A ping or pong of the WebSocket layer came; pings were answered.
    virtual void heartbeat() = 0;
    virtual void ended(const Ended& ended) = 0;

protected:
    ~SocketEvents() = default;
};

/// A WebSocket connection. Destroying it cuts it without further events.
class Connection {
public:
    virtual ~Connection() = default;
    virtual void send(std::string text) = 0;
    virtual void ping() = 0;
    /// Says goodbye; `ended` follows within seconds.
    virtual void close() = 0;
};

struct Request {
    Method method = Method::get;
    std::string url;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    Duration timeout = 10 * second;
};

struct Response {
    std::optional<Ended> failure;  ///< there is no answer
    std::uint16_t status = 0;
    std::string body;  ///< has 64 readable bytes after its end
    std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
    Duration took = 0;

    [[nodiscard]] std::string_view header(std::string_view name) const noexcept {
        for (const auto& [key, value] : headers) {
            if (key == name) return value;
        }
        return {};
    }
};

/// Sockets, requests, time and timers: all that the driver needs of the world, so that its tests
/// need no world. Everything happens on one I/O thread; only `post` may be called from others.
class Network {
public:
    /// A timer; destroying it cancels it.
    class Timer {
    public:
        virtual ~Timer() = default;
    };

    virtual ~Network() = default;
    /// Opens a WebSocket. `events` outlives the connection; it is never called from within `open`.
    virtual std::unique_ptr<Connection> open(const std::string& url, SocketEvents& events) = 0;
    /// `done` is called once, never from within `request`, unless the network is destroyed before.
    virtual void request(Request request, std::function<void(Response)> done) = 0;
    [[nodiscard]] virtual std::unique_ptr<Timer> after(Duration delay,
                                                       std::function<void()> call) = 0;
    virtual void post(std::function<void()> call) = 0;
    /// Stands before `arrivals`, which may be null: told on the I/O thread, it passes on once for
    /// all that was ready at a time. Lives as long as the network.
    [[nodiscard]] virtual Arrivals* gather(Arrivals* arrivals) { return arrivals; }
    /// Wall time, for stamps and what the venue's clock decides. Somebody may set it.
    [[nodiscard]] virtual Time now() const = 0;
    /// Never goes back and never jumps; its origin means nothing. For all that is waited for.
    [[nodiscard]] virtual Time steady() const = 0;
};

}  // namespace spillway::live
