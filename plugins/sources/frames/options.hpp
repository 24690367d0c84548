#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "engine_time.hpp"

namespace spillway::frames {

struct Options {
    std::string path;
    std::string venue;
    std::string channel;
    std::string engine_time;
    TimeUnit time_unit = TimeUnit::milliseconds;
    std::uint64_t max_line = 0;
};

/// Bytes of frames with one receive time that are held at once: far above what a venue sends, and
/// below what a file with a wrong time in front (all later frames are held at it) could ask for.
inline constexpr std::size_t largest_instant = std::size_t{64} << 20U;

}  // namespace spillway::frames
