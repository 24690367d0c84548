#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>
#include <thread>

#include <spillway/time.hpp>

#include "runtime/ingress/wall_clock.hpp"

namespace spillway::runtime {

/// Lets recorded time pass at a multiple of wall time. It only inserts waits: results are those
/// of an unpaced run. Used by the engine thread.
class Pace {
public:
    /// `speed` recorded seconds per second; 0 = no pacing.
    explicit Pace(double speed) : speed_(speed) {}

    [[nodiscard]] bool paced() const noexcept { return speed_ > 0; }
    /// Recorded time that wall time has reached.
    [[nodiscard]] Time now() const noexcept {
        return later(origin_, static_cast<double>(steady_nanoseconds() - start_) * speed_);
    }
    /// Wall time at which `time` is due.
    [[nodiscard]] std::int64_t wall_of(Time time) const noexcept {
        return later(start_, static_cast<double>(time - origin_) / speed_);
    }
    /// True if `time` is due. The first time asked about is where the clock starts.
    [[nodiscard]] bool due(Time time) noexcept {
        if (origin_ == time_before_all) {
            origin_ = time;
            start_ = steady_nanoseconds();
        }
        return steady_nanoseconds() >= wall_of(time);
    }
    /// Sleeps until `time` is due, but not beyond `latest` (wall time), or until `stop`.
    void wait(Time time, std::int64_t latest, const std::atomic<bool>& stop) const {
        constexpr std::int64_t longest = 50'000'000;  // a stop is seen after this long
        const std::int64_t due = std::min(wall_of(time), latest);
        for (std::int64_t now = steady_nanoseconds(); now < due && !stop.load();
             now = steady_nanoseconds()) {
            std::this_thread::sleep_for(std::chrono::nanoseconds(std::min(due - now, longest)));
        }
    }

private:
    /// Saturates: a second at a high speed, or a year at a low one, is more than a time can hold.
    [[nodiscard]] static std::int64_t later(std::int64_t from, double by) noexcept {
        const auto room = static_cast<double>(std::numeric_limits<std::int64_t>::max() - from);
        return by < room ? from + static_cast<std::int64_t>(by)
                         : std::numeric_limits<std::int64_t>::max();
    }

    double speed_;
    Time origin_ = time_before_all;
    std::int64_t start_ = 0;
};

}  // namespace spillway::runtime
