#pragma once

#include <string>

#include <spillway/examination.hpp>
#include <spillway/time.hpp>

#include "beast_network.hpp"

namespace spillway::live {

/// Somebody waits for the answer, and there are more addresses to try. A name server that is asked
/// only after another was silent has answered by then.
inline constexpr Duration longest_probe = 7 * second;

/// Tries a URL step by step (DNS, TCP, proxy, TLS, then the WebSocket handshake or a GET) and says
/// how each step went; after the first that fails the rest is skipped. Blocks, at most for
/// `longest`. The URL's query is sent, but not told.
void probe(const NetworkSettings& settings, const std::string& url, Examiner& out,
           Duration longest = longest_probe);

}  // namespace spillway::live
