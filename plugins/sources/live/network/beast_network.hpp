#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <spillway/status.hpp>
#include <spillway/time.hpp>

#include "network.hpp"

namespace spillway::live {

struct NetworkSettings {
    /// `host:port[,ca.pem]`: all TCP connections go there; SNI, Host and verification stay those of
    /// the URL.
    std::string gateway = {};
    /// `http://[user:password@]host:port`; empty: that of the environment; `none`: none.
    std::string proxy = {};
    std::string ca_file = {};                ///< trusted besides the system's certificates
    std::uint64_t max_message = 8 << 20;     ///< bytes of a WebSocket message, unpacked
    Duration connect_timeout = 10 * second;  ///< of each step: name, TCP, proxy, TLS, handshake
    std::string user_agent = "spillway";
};

/// Whether a network can work with these settings; if not, which is wrong and how it should be.
[[nodiscard]] Status check(const NetworkSettings& settings) noexcept;

/// A thread that networks share; it ends with the last of them and of those who hold it.
class IoThread;
[[nodiscard]] std::shared_ptr<IoThread> make_io_thread();

/// The real network: Boost.Beast and OpenSSL on an I/O thread, which others may use as well. The
/// destructor may run at any moment on any other thread: what is under way ends without a further
/// call, and the others go on. It waits for the call that is being made now, also one of another
/// network. Connections and timers may be destroyed later.
///
/// With settings that `check` refuses every connection ends with that reason.
[[nodiscard]] std::unique_ptr<Network> make_network(
    const NetworkSettings& settings, std::shared_ptr<IoThread> thread = make_io_thread());

}  // namespace spillway::live
