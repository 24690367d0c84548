#pragma once

#include <string>
#include <string_view>

namespace spillway::live::testing {

/// The Sec-WebSocket-Key of a handshake; empty: it has none.
[[nodiscard]] std::string_view key_of(std::string_view head);
/// Sec-WebSocket-Accept of RFC 6455, 4.2.2.
[[nodiscard]] std::string accept_key(std::string_view key);

}  // namespace spillway::live::testing
