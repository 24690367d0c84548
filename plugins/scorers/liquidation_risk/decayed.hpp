#pragma once

#include <algorithm>
#include <cmath>

#include <spillway/time.hpp>

#include "sides.hpp"

namespace spillway::liquidation_risk {

/// Liquidated USD that loses half its weight every `half_life`: I <- I 2^(-dt/h) + v.
/// An event that is older than the newest one enters with the weight it has left by now.
struct DecayedNotional {
    BySide level;
    Time newest = 0;

    void add(Side side, double notional, Time time, Duration half_life) {
        if (time > newest) {
            level = at(time, half_life);
            newest = time;
        } else {
            notional *= weight_after(newest - time, half_life);
        }
        level.of(side) += notional;
    }

    BySide at(Time time, Duration half_life) const {
        const double left = weight_after(std::max<Duration>(time - newest, 0), half_life);
        return {level.longs * left, level.shorts * left};
    }

    static double weight_after(Duration age, Duration half_life) {
        return std::exp2(-static_cast<double>(age) / static_cast<double>(half_life));
    }

    template <class Archive>
    void fields(Archive& io) {
        io(1, level);
        io(2, newest);
    }
};

}  // namespace spillway::liquidation_risk
