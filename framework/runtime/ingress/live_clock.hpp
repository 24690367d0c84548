#pragma once

#include <algorithm>
#include <cstdint>

#include <spillway/time.hpp>

namespace spillway::runtime {

/// What time it is in a live pipeline: wall time, except that it never goes back. While a wall
/// clock that was set back lies behind what was told before, time goes on at half its pace until it
/// is caught up with: timers fire late, but nothing stands still. Used by the engine thread.
class LiveClock {
public:
    /// `steady`: what a clock that nobody sets says now, in nanoseconds.
    [[nodiscard]] Time at(Time wall, std::int64_t steady) noexcept {
        if (begun_) wall = std::max(wall, told_ + (steady - told_at_) / 2);
        begun_ = true;
        told_ = wall;
        told_at_ = steady;
        return wall;
    }

private:
    bool begun_ = false;
    Time told_ = 0;
    std::int64_t told_at_ = 0;
};

}  // namespace spillway::runtime
