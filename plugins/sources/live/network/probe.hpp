#pragma once

#include <string>

#include <spillway/examination.hpp>

#include "beast_network.hpp"

namespace spillway::live {

/// Tries a URL step by step (DNS, TCP, proxy, TLS, then the WebSocket handshake or a GET) and says
/// how each step went; after the first that fails the rest is skipped. Blocks, at most for the
/// settings' time per step.
void probe(const NetworkSettings& settings, const std::string& url, Examiner& out);

}  // namespace spillway::live
