#pragma once

#include <cmath>
#include <cstdint>

#include "ew.hpp"

namespace spillway::liquidation_risk {

/// Variance per minute of the logarithm of the price, over the last quarter of an hour, hour and
/// day (half-lives), from its changes between grid closes.
struct Volatility {
    /// What one close on a grid of so many minutes weighs; computed once a grid.
    struct Gains {
        explicit Gains(double grid_minutes)
            : minutes(grid_minutes),
              quarter(half_life_gain(grid_minutes, 15)),
              hourly(half_life_gain(grid_minutes, 60)),
              daily(half_life_gain(grid_minutes, 1440)) {}

        double minutes, quarter, hourly, daily;
    };

    EwMean quarter, hourly, daily;
    std::uint64_t changes = 0;

    void add(double log_change, const Gains& gains) {
        const double per_minute = log_change * log_change / gains.minutes;
        quarter.add(per_minute, gains.quarter);
        hourly.add(per_minute, gains.hourly);
        daily.add(per_minute, gains.daily);
        ++changes;
    }

    /// Variance per minute to expect for the next minutes, and for the next hours.
    double near() const {
        return 0.75 * quarter.value().value_or(0) + 0.25 * daily.value().value_or(0);
    }
    double far() const {
        return 0.5 * hourly.value().value_or(0) + 0.5 * daily.value().value_or(0);
    }

    /// What the next close makes of them: a variance without a change, and its growth for each unit
    /// of squared change per minute.
    struct Line {
        double least, growth;
    };
    struct Next {
        Line near, far;
    };
    Next next(const Gains& gains) const {
        Volatility still = *this, moved = *this;
        still.add(0, gains);
        moved.add(std::sqrt(gains.minutes), gains);
        return {{still.near(), moved.near() - still.near()},
                {still.far(), moved.far() - still.far()}};
    }

    template <class Archive>
    void fields(Archive& io) {
        io(1, quarter);
        io(2, hourly);
        io(3, daily);
        io(4, changes);
    }
};

}  // namespace spillway::liquidation_risk
