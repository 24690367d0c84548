#pragma once

#include <algorithm>
#include <cmath>

namespace spillway::liquidation_risk {

/// How far a rank is above the middle of its history: clamp(2q - 1, 0, 1).
inline double above_middle(double rank) { return std::clamp(2.0 * rank - 1.0, 0.0, 1.0); }

/// How rare a rank is, in decades: .9 -> 1/3, .99 -> 2/3, .999 and above -> 1.
inline double rarity(double rank) {
    return std::clamp(-std::log10(std::max(1.0 - rank, 1e-12)) / 3.0, 0.0, 1.0);
}

}  // namespace spillway::liquidation_risk
