#pragma once

#include <cmath>
#include <optional>

namespace spillway::liquidation_risk {

/// Gain of one step of `step` when the half-life is `half_life` (same unit): 1 - 2^(-step/h).
inline double half_life_gain(double step, double half_life) {
    return 1.0 - std::exp2(-step / half_life);
}

/// Exponentially weighted mean, unbiased from its first sample on: the weight seen so far is
/// carried along and divided out, so an early value is not pulled towards zero.
struct EwMean {
    double weighted = 0;
    double weight = 0;

    void add(double x, double gain) {
        weighted += gain * (x - weighted);
        weight += gain * (1.0 - weight);
    }

    std::optional<double> value() const {
        if (weight <= 0) return std::nullopt;
        return weighted / weight;
    }

    template <class Archive>
    void fields(Archive& io) {
        io(1, weighted);
        io(2, weight);
    }
};

/// Exponentially weighted mean and variance, both starting at zero:
/// d = x - m; m += a d; v = (1 - a)(v + a d^2).
struct EwMoments {
    double mean = 0;
    double variance = 0;

    void add(double x, double gain) {
        const double deviation = x - mean;
        mean += gain * deviation;
        variance = (1.0 - gain) * (variance + gain * deviation * deviation);
    }

    template <class Archive>
    void fields(Archive& io) {
        io(1, mean);
        io(2, variance);
    }
};

}  // namespace spillway::liquidation_risk
