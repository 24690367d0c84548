#pragma once

#include <chrono>
#include <cstdint>

#include <spillway/time.hpp>

namespace spillway::runtime {

/// The only place where the engine reads a clock: pacing, checkpoint intervals and latencies, none
/// of which reaches an event.
[[nodiscard]] inline std::int64_t steady_nanoseconds() noexcept {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

/// What time it is for live sources: their frames are stamped with it, and timers fire by it.
[[nodiscard]] inline Time wall_time() noexcept {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

}  // namespace spillway::runtime
