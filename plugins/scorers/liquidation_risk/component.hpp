#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include <spillway/scorer.hpp>

namespace spillway::liquidation_risk {

/// Where an assessment writes its components, in the order of the output's specification.
using ComponentValues = std::span<ComponentValue>;

/// A component of at most `cap_now` points now; a missing `points` could have been any of them.
inline void set(ComponentValue& out, double cap_now, std::optional<double> points,
                std::optional<double> raw) {
    out.cap = cap_now;
    out.missing = !points.has_value();
    out.points = points.value_or(0);
    out.has_raw = raw.has_value();
    out.raw = raw.value_or(0);
}

/// Likewise, `share` (0..1) of what it could have now.
inline void set_share(ComponentValue& out, double cap_now, std::optional<double> share,
                      std::optional<double> raw) {
    set(out, cap_now, share ? std::optional(cap_now * *share) : std::nullopt, raw);
}

/// The usual combination: the sum, at most 100.
inline double clamped_sum(std::span<const double> points) {
    double sum = 0;
    for (const double p : points) sum += p;
    return std::min(sum, 100.0);
}

}  // namespace spillway::liquidation_risk
