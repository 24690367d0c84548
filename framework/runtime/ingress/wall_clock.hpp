#pragma once

#include <chrono>
#include <cstdint>

namespace spillway::runtime {

/// The only place where the engine reads a clock: pacing, checkpoint intervals and latencies.
/// Nothing that reaches an event comes from here.
[[nodiscard]] inline std::int64_t steady_nanoseconds() noexcept {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

}  // namespace spillway::runtime
