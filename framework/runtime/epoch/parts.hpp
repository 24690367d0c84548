#pragma once

#include <string_view>

#include <spillway/node.hpp>

namespace spillway::runtime {

// Rows of a checkpoint that are not a key's state: what the engine keeps of a node has one of
// these parts, what it keeps of the whole pipeline one of these nodes. No id of a file has a dot.

inline constexpr std::string_view engine_parts = "spillway.";
inline constexpr std::string_view position_part = "spillway.position";  ///< sources and sinks
inline constexpr std::string_view head_part = "spillway.head";
inline constexpr std::string_view fan_in_part = "spillway.fan_in";
inline constexpr std::string_view plugin_part = "spillway.plugin";  ///< what the node is

inline constexpr std::string_view ingress_node = "spillway.ingress";

/// Version of the engine's own rows.
inline constexpr std::uint32_t engine_state_version = 1;

static_assert(shared_part.starts_with(engine_parts));

}  // namespace spillway::runtime
