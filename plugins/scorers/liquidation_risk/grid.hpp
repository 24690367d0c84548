#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <spillway/time.hpp>

namespace spillway::liquidation_risk {

/// UTC day of a grid close: a close at midnight ends the day before it.
constexpr std::int64_t day_of_close(Time close) { return (close - millisecond) / day; }

/// The step between two grid closes: one minute, or more if the price itself comes more rarely.
/// Closes are the multiples of the step since 1970. Lengths in minutes turn into whole steps here.
struct Grid {
    Duration step = minute;

    /// The grid of a price stream; an `interval` of 0 means that prices come as they change.
    static Grid of_stream(Duration interval) { return {std::max(minute, interval)}; }

    double minutes() const { return static_cast<double>(step) / static_cast<double>(minute); }

    /// Steps that make up `m` minutes: the nearest whole number (halves up), at least one.
    std::size_t closes(double m) const {
        return static_cast<std::size_t>(std::max(1.0, std::floor(m / minutes() + 0.5)));
    }

    /// A day of closes, the least history that a rank or a typical move is read from.
    double closes_a_day() const { return 1440.0 / minutes(); }

    /// The first close at or after `time`.
    Time first_close(Time time) const { return (time + step - 1) / step * step; }

    friend bool operator==(const Grid&, const Grid&) = default;

    template <class Archive>
    void fields(Archive& io) {
        io(1, step);
    }
};

/// Which grid closes are due. A close without a new price repeats the last one, but only for an
/// hour (or one step of a coarser grid): after a longer hole the clock stops until the next price.
class CloseClock {
public:
    static constexpr Duration longest_repeat = hour;

    const Grid& grid() const { return grid_; }
    bool running() const { return running_; }
    Time next_close() const { return next_close_; }

    /// Whether a close or a hole is due: a close t is at the first moment after t, so that
    /// everything received at t counts.
    bool is_due(Time now) const { return running_ && next_close_ < now; }

    void start(Grid grid, Time price_time) {
        grid_ = grid;
        next_close_ = grid.first_close(price_time);
        running_ = true;
    }

    void stop() { running_ = false; }

    /// Whether the price at the next close is too old to be repeated.
    bool hole(Time newest_price) const {
        return next_close_ - newest_price > std::max(longest_repeat, grid_.step);
    }

    void closed() { next_close_ += grid_.step; }

    template <class Archive>
    void fields(Archive& io) {
        io(1, grid_);
        io(2, next_close_);
        io(3, running_);
    }

private:
    Grid grid_;
    Time next_close_ = 0;
    bool running_ = false;
};

}  // namespace spillway::liquidation_risk
