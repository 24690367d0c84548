#pragma once

#include <memory>
#include <string>

#include "network.hpp"
#include "trace.hpp"

namespace spillway::live {

class Transport;

/// Network::open, with a trace of the steps to the open connection.
[[nodiscard]] std::unique_ptr<Connection> open_websocket(std::shared_ptr<Transport> transport,
                                                         const std::string& url,
                                                         SocketEvents& events, Trace trace = {});

}  // namespace spillway::live
