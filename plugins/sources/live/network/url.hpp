#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace spillway::live {

/// `https`, `wss`, and for servers on this machine `http` and `ws`.
struct Url {
    bool tls = true;
    bool websocket = false;
    std::string host;  ///< lower case; an IPv6 address without brackets
    std::uint16_t port = 443;
    std::string target = "/";  ///< path and query

    /// As the Host header has it: "api.bybit.com", "[::1]:8443".
    [[nodiscard]] std::string authority() const;
    /// Connections to equal origins are interchangeable.
    [[nodiscard]] std::string origin() const;
};

/// The error says what is wrong with the URL; it never holds its query, where keys may be.
[[nodiscard]] tl::expected<Url, std::string> parse_url(std::string_view text);

/// The URL without query, user and password: fit for logs.
[[nodiscard]] std::string without_secrets(std::string_view url);

struct HostPort {
    std::string host;
    std::uint16_t port = 0;  ///< 0: the text has none
};

/// "host", "host:port", "[::1]:port"; an empty host if it is none of these.
[[nodiscard]] HostPort parse_host_port(std::string_view text);

/// "localhost", "127.x.x.x", "::1".
[[nodiscard]] bool is_loopback(std::string_view host) noexcept;
[[nodiscard]] bool is_ip_address(const std::string& host) noexcept;

}  // namespace spillway::live
