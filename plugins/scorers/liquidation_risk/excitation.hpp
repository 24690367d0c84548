#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

#include <spillway/time.hpp>

#include "ew.hpp"
#include "sketch.hpp"

/// Self-excitation: how much each forced order makes the next one likely (a Hawkes process with one
/// exponential kernel and marks).
namespace spillway::liquidation_risk {

/// lambda = baseline + jump * A, where A decays at rate `decay` and grows by the weight of each
/// event.
struct Kernel {
    double baseline = 0.02;  // mu, events per second
    double jump = 0.4;       // alpha, per second and unit of weight
    double decay = 0.5;      // beta, per second
};

/// n: how many events one event causes directly, in [0, .999]; `mean_weight` = E[w].
inline double branching_ratio(const Kernel& k, double mean_weight = 1) {
    return std::clamp(k.jump * mean_weight / k.decay, 0.0, 0.999);
}

inline double stationary_rate(const Kernel& k, double mean_weight = 1) {
    return k.baseline / (1.0 - branching_ratio(k, mean_weight));
}

/// Events to expect in the next `horizon` seconds when the intensity is `lambda` now.
inline double expected_events(const Kernel& k, double lambda, double horizon,
                              double mean_weight = 1) {
    const double pull = k.decay - k.jump * mean_weight;
    if (std::abs(pull) < 1e-12) {
        return lambda * horizon + k.baseline * k.decay * horizon * horizon / 2;
    }
    const double level = k.baseline * k.decay / pull;
    return level * horizon + (level - lambda) * std::expm1(-pull * horizon) / pull;
}

/// P(T >= size) for the size T of one cluster, the first event included: Borel(n).
inline double cluster_tail(double ratio, int size) {
    double below = 0;
    for (int k = 1; k < size; ++k) {
        below += std::exp(-ratio * k + (k - 1) * std::log(ratio * k) - std::lgamma(k + 1.0));
    }
    return 1.0 - below;
}

/// The moment estimate of n from event counts in windows of at least 30 decay times:
/// 1 - sqrt(mean / variance), with the sample variance; in [0, .999].
inline double branching_from_counts(double mean, double sample_variance) {
    if (!(sample_variance > 0)) return 0;
    return std::clamp(1.0 - std::sqrt(mean / sample_variance), 0.0, 0.999);
}

/// The running intensity of one market and side. Times are seconds on any common origin.
struct Intensity {
    double excitement = 0;  // A at `time`
    double time = 0;

    double excitement_at(const Kernel& k, double t) const {
        return excitement * std::exp(-k.decay * std::max(t - time, 0.0));
    }
    double rate_at(const Kernel& k, double t) const {
        return k.baseline + k.jump * excitement_at(k, t);
    }
    void add(const Kernel& k, double t, double weight) {
        excitement = excitement_at(k, t) + weight;
        time = std::max(time, t);
    }

    template <class Archive>
    void fields(Archive& io) {
        io(1, excitement);
        io(2, time);
    }
};

/// Log-likelihood of the events on [start, t]: sum of ln lambda before each event, less the
/// integral of lambda. O(1) per event; what a fit compares kernels by.
class LogLikelihood {
public:
    explicit LogLikelihood(const Kernel& kernel, double start = 0)
        : kernel_(kernel), start_(start) {
        intensity_.time = start;
    }

    void add(double t, double weight) {
        integrate(t);
        sum_ += std::log(intensity_.rate_at(kernel_, t));
        intensity_.add(kernel_, t, weight);
    }

    double until(double end) const {
        const double left = intensity_.excitement - intensity_.excitement_at(kernel_, end);
        return sum_ - kernel_.baseline * (end - start_) -
               kernel_.jump / kernel_.decay * (decayed_ + left);
    }

private:
    void integrate(double t) {
        decayed_ += intensity_.excitement - intensity_.excitement_at(kernel_, t);
    }

    Kernel kernel_;
    Intensity intensity_;
    double start_;
    double sum_ = 0;
    double decayed_ = 0;  // excitement lost so far; its integral is this / decay
};

/// Self-excitation of one market and side as a score component sees it. The weight of an order is
/// its notional over the running seven-day median, at most 10, and 1 for the first hundred orders.
class SelfExcitation {
public:
    static constexpr std::uint64_t orders_before_weights = 100;
    static constexpr double largest_weight = 10;

    void add(const Kernel& kernel, Time time, double notional) {
        sizes_.rotate(time / day);
        double weight = 1;
        if (sizes_.count() >= orders_before_weights) {
            weight =
                std::min(notional / std::max(sizes_.median().value_or(1), 1.0), largest_weight);
        }
        sizes_.insert(notional);
        if (origin_ == 0) origin_ = time;
        intensity_.add(kernel, seconds(time), weight);
        weights_.add(weight, weight_gain);
    }

    /// X_exc = clamp(log2(lambda / stationary rate) / 6, 0, 1).
    double level(const Kernel& kernel, Time now) const {
        const double usual = stationary_rate(kernel, weights_.value().value_or(1));
        const double rate = intensity_.rate_at(kernel, seconds(now));
        return std::clamp(std::log2(rate / usual) / 6.0, 0.0, 1.0);
    }

    template <class Archive>
    void fields(Archive& io) {
        io(1, intensity_);
        io(2, weights_);
        io(3, sizes_);
        io(4, origin_);
    }

private:
    static constexpr double weight_gain = 0.01;  // E[w] over about the last hundred orders

    double seconds(Time time) const {
        return static_cast<double>(time - origin_) / static_cast<double>(second);
    }

    Intensity intensity_;
    EwMean weights_;
    Sketch sizes_{1.0, 7};
    Time origin_ = 0;
};

}  // namespace spillway::liquidation_risk
