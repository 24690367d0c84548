#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace spillway::bench {

/// The yardstick: reads TLS WebSockets with Boost.Beast on one thread and does nothing with what it
/// reads. Subscribes to every topic of `bases`, spread over the connections. Ends with its
/// standard input and prints `read N`: the messages that came.
void run_read_loop(std::uint16_t port, const std::vector<std::string>& bases,
                   std::size_t connections);

}  // namespace spillway::bench
