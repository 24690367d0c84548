#pragma once

// What connections and requests share. Included by the sources of this folder alone: it brings Asio
// along.

#include <chrono>
#include <memory>
#include <string>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>

#include <spillway/time.hpp>

#include "beast_network.hpp"
#include "names.hpp"
#include "route.hpp"

namespace spillway::live {

namespace asio = boost::asio;
using boost::system::error_code;

/// An io_context whose pending handlers can be destroyed while sockets and timers still live: the
/// handlers own the connections, which own the Core with this.
class IoContext : public asio::io_context {
public:
    IoContext() : asio::io_context(1) {}
    void drop_handlers() { shutdown(); }
};

using Executor = asio::io_context::executor_type;
using SteadyTimer =
    asio::basic_waitable_timer<std::chrono::steady_clock,
                               asio::wait_traits<std::chrono::steady_clock>, Executor>;

/// Kept alive by everything that uses it, as handlers may outlive their network.
struct Core {
    explicit Core(NetworkSettings chosen,
                  std::shared_ptr<IoContext> shared = std::make_shared<IoContext>());

    NetworkSettings settings;
    Routes routes;
    asio::ssl::context tls{asio::ssl::context::tls_client};
    std::string problem;                       ///< why the settings cannot be used; empty: they can
    const std::shared_ptr<IoContext> context;  ///< maybe with others
    IoContext& io = *context;
    Names names{io};
};

/// Wall time.
[[nodiscard]] Time wall_time();
[[nodiscard]] Time steady_time();

/// Measures how long something takes.
class Stopwatch {
public:
    [[nodiscard]] Duration elapsed() const {
        return std::chrono::nanoseconds(std::chrono::steady_clock::now() - start_).count();
    }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace spillway::live
