#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace spillway::bench {

/// The value below which the share `p` (0 to 1) of the samples lies, interpolated linearly between
/// neighbours (type 7 of Hyndman and Fan 1996). NaN without samples.
inline double quantile(std::span<const double> samples, double p) {
    if (samples.empty()) return std::nan("");
    std::vector<double> sorted(samples.begin(), samples.end());
    std::sort(sorted.begin(), sorted.end());
    const double position = std::clamp(p, 0.0, 1.0) * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    const double fraction = position - static_cast<double>(below);
    return sorted[below] + fraction * (sorted[above] - sorted[below]);
}

inline double median(std::span<const double> samples) { return quantile(samples, 0.5); }

/// Samples of two measures taken in turns, so that a change of the machine's speed meets both.
struct Comparison {
    std::vector<double> subject;
    std::vector<double> yardstick;

    /// How fast the subject is as a share of the yardstick, from times: the median of the ratios of
    /// neighbouring runs.
    double speed_ratio() const {
        std::vector<double> ratios;
        ratios.reserve(subject.size());
        for (std::size_t run = 0; run < subject.size(); ++run) {
            ratios.push_back(yardstick[run] / subject[run]);
        }
        return median(ratios);
    }
};

/// Runs both `runs` times after one warm-up each. Each returns its time; which of the two goes
/// first alternates.
inline Comparison interleave(std::size_t runs, const std::function<double()>& subject,
                             const std::function<double()>& yardstick) {
    subject();
    yardstick();
    Comparison comparison;
    for (std::size_t run = 0; run < runs; ++run) {
        if (run % 2 == 0) comparison.subject.push_back(subject());
        comparison.yardstick.push_back(yardstick());
        if (run % 2 == 1) comparison.subject.push_back(subject());
    }
    return comparison;
}

}  // namespace spillway::bench
