#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "liquidation.hpp"

namespace spillway::cascades {

/// Windows of the velocity, (t - w, t] in event time.
inline constexpr std::array<Duration, 6> velocity_windows = {
    100 * millisecond, 500 * millisecond, 2 * second, 10 * second, 60 * second, 300 * second};
/// The window that decides which venue leads.
inline constexpr std::size_t leading_window = 2;

/// Rates within one window w, and their change: (rate now - rate one window ago) / w.
struct Rate {
    double events = 0;         ///< per second
    double usd = 0;            ///< USD per second
    double events_change = 0;  ///< per second, per second
    double usd_change = 0;     ///< USD per second, per second
};
using Rates = std::array<Rate, velocity_windows.size()>;

/// Event times and cumulative notional of one venue and side over the last two of the longest
/// window. Adding is O(1) amortised; a reading finds each window's edge by bisection.
class VelocitySeries {
public:
    void add(Time time, MicroUsd notional);
    /// Forgets what no window at or after `now` can see.
    void drop_before(Time now);
    [[nodiscard]] Rates rates(Time now) const noexcept;
    [[nodiscard]] std::size_t size() const noexcept { return points_.size(); }

    template <class Archive>
    void fields(Archive& io) {
        io(1, points_);
        io(2, base_);
    }

private:
    struct Point {
        Time time = 0;
        std::uint64_t total = 0;  ///< micro USD up to and including this event, modulo 2^64

        template <class Archive>
        void fields(Archive& io) {
            io(1, time);
            io(2, total);
        }
    };
    /// Events at or before `time`, and their total.
    [[nodiscard]] std::pair<std::size_t, std::uint64_t> until(Time time) const noexcept;

    std::deque<Point> points_;  ///< by time
    std::uint64_t base_ = 0;    ///< total of what was dropped
};

/// Velocity of one market's liquidations per venue and side. `venue` is the position in the
/// market's NameTable.
class Velocity {
public:
    /// Events more than 600 s behind the newest are of no window and are ignored.
    void add(const Liquidation& event);

    /// Rates as of the newest event time of the market.
    [[nodiscard]] Rates rates(std::size_t venue, Side side) const noexcept;
    /// The venue with the highest 2 s rate of USD, both sides together; ties go to the higher rate
    /// of events, then to the first by name. None if no venue had an event within 2 s.
    [[nodiscard]] std::optional<std::size_t> leading(const NameTable& names) const;

    [[nodiscard]] Time newest() const noexcept { return newest_; }
    [[nodiscard]] std::size_t venues() const noexcept { return series_.size(); }

    template <class Archive>
    void fields(Archive& io) {
        io(1, series_);
        io(2, newest_);
        io(3, turn_);
    }

private:
    std::vector<std::array<VelocitySeries, 2>> series_;  ///< by venue, side
    Time newest_ = time_before_all;
    std::uint32_t turn_ = 0;  ///< which series is trimmed next
};

}  // namespace spillway::cascades
