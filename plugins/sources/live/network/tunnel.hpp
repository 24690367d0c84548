#pragma once

#include <functional>
#include <memory>
#include <string>

#include "route.hpp"

namespace spillway::live {

class Wire;

/// Asks the proxy at the other end of the wire for a tunnel (HTTP CONNECT). `done` gets an empty
/// text once it stands, else why it does not. Closing the wire ends the attempt.
void open_tunnel(std::shared_ptr<Wire> wire, const Route& route, const std::string& user_agent,
                 std::function<void(const std::string& why)> done);

}  // namespace spillway::live
