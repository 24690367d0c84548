#pragma once

#include <cstdint>
#include <string>

#include <spillway/options.hpp>
#include <spillway/time.hpp>

namespace spillway::live {

struct Options {
    std::string venue;
    std::string gateway;
    std::string proxy;
    std::string ca_file;
    std::uint64_t max_message = 0;  ///< bytes
    std::uint64_t buffer = 0;       ///< bytes
    Duration connect_timeout = 0;
    Duration reconnect_wait = 0;
};

inline constexpr auto option_list = spillway::options(
    option::text<&Options::venue>(
        "venue", "Venue plugin that says where to connect, and decodes what arrives."),
    option::text<&Options::gateway>(
        "gateway",
        "Connect to this `host:port` in place of every host of the venue; names are verified all "
        "the same. `host:port,ca.pem` also trusts the certificates that this file signs. For a "
        "mock exchange.")
        .otherwise(""),
    option::secret<&Options::proxy>(
        "proxy",
        "HTTP proxy for all connections, `http://[user:password@]host:port`. Empty: the "
        "environment's HTTPS_PROXY; `none`: none. Never printed: it may hold a password.")
        .otherwise(""),
    option::path<&Options::ca_file>(
        "ca_file", "Certificates to trust besides those of the system, in PEM form.")
        .otherwise(""),
    option::size<&Options::max_message>(
        "max_message", "Larger messages become dead letters, and the connection is made anew.")
        .otherwise("8MiB")
        .at_least(4096)
        .at_most(256.0 * 1024 * 1024),
    option::size<&Options::buffer>(
        "buffer",
        "What may wait while the pipeline does not keep up; then the oldest data is dropped, and a "
        "gap told.")
        .otherwise("64MiB")
        .at_least(1024.0 * 1024)
        .at_most(16.0 * 1024 * 1024 * 1024),
    option::duration<&Options::connect_timeout>(
        "connect_timeout", "For each step to an open connection: name, TCP, TLS, handshake.")
        .otherwise("10s")
        .at_least(1e8)
        .at_most(6e10),
    option::duration<&Options::reconnect_wait>(
        "reconnect_wait",
        "Longest first wait before a lost connection is made anew. The waits double, up to 60 "
        "times this, and each is drawn from the whole range.")
        .otherwise("1s")
        .at_least(1e7)
        .at_most(6e10));

}  // namespace spillway::live
