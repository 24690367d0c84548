#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "network/network.hpp"

namespace spillway::live {

/// Why a session is over: what the network says (in the order of `Ending`), and what the driver
/// finds out by itself.
enum class Cause : std::uint8_t {
    stopped,
    dns,
    connect,
    proxy,
    tls,
    status,
    closed,
    lost,
    silent,
    too_large,
    malformed,
    lifetime,    ///< replaced before the venue cuts it
    leaving,     ///< replaced because the venue said that it would go
    stale,       ///< a topic fell silent and did not come back
    hole,        ///< numbered messages are missing
    unanswered,  ///< subscriptions got no answer
    redeclared,  ///< replaced because a new plan connects the socket otherwise
};
inline constexpr std::size_t cause_count = 17;
inline constexpr std::array<std::string_view, cause_count> cause_names = {
    "stopped", "dns",   "connect", "proxy",      "tls",       "status",
    "closed",  "lost",  "silent",  "too_large",  "malformed", "lifetime",
    "leaving", "stale", "hole",    "unanswered", "redeclared"};

[[nodiscard]] constexpr std::string_view to_string(Cause cause) noexcept {
    return cause_names[static_cast<std::size_t>(cause)];
}

/// By which outages count as the same. Servers that fail say so with many a code: that is one
/// reason.
[[nodiscard]] inline std::string key_of(std::uint16_t http_status) {
    return http_status / 100 == 5 ? "5xx" : std::to_string(http_status);
}

struct Over {
    Cause cause = Cause::stopped;
    std::uint16_t code = 0;  ///< of HTTP or WebSocket
    std::string why;
    std::optional<Duration> retry_after = {};
};

[[nodiscard]] inline std::string key_of(const Over& over) {
    const bool http = over.cause == Cause::status;
    return std::string(to_string(over.cause)) + ' ' +
           (http ? key_of(over.code) : std::to_string(over.code));
}

[[nodiscard]] inline Over over_of(const Ended& ended) {
    return {static_cast<Cause>(ended.how), ended.code, ended.why, ended.retry_after};
}

}  // namespace spillway::live
