#pragma once

#include <cstdint>

#include "runtime/graph/packet.hpp"

namespace spillway::runtime {

/// `as: latest`: of each stream (kind, venue, instrument, market, and for scores name and
/// direction) only the newest event of an instant is kept. Steps hold whole instants, so where
/// they are cut cannot be seen. Answers how many went.
std::uint32_t keep_latest(Packet& packet);

/// `broadcast: true`: marks the events as concerning every key, in a batch of the edge's own.
void mark_as_broadcast(Packet& packet, Ticket* ticket);

}  // namespace spillway::runtime
