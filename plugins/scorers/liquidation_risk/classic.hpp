#pragma once

#include <array>
#include <optional>

#include "component.hpp"

/// The fixed rules of the predecessor, bit for bit: integers cut towards zero, cliffs included, no
/// direction. In today's markets most of its thresholds never fire; it exists so that its users
/// find their numbers.
namespace spillway::liquidation_risk::classic {

/// Change in percent of the last sample against the tenth from last: (last - ref) / ref * 100.
double percent_change(double last, double reference);

struct Inputs {
    std::optional<double> funding;  // fraction per funding interval
    // Both need enough samples: more than 10 of open interest, at least 10 of the price.
    std::optional<double> open_interest_change;  // percent
    std::optional<double> price_change;          // percent
    std::optional<double> long_short;            // longs per short
    std::optional<double> liquidated;            // USD of the last 300 s, both sides
};

double funding_points(double funding);
double open_interest_points(double open_interest_change, double price_change);
double long_short_points(double ratio);
double liquidation_points(double usd);

/// Combined by clamped_sum().
inline constexpr std::array<ComponentSpec, 4> components = {{
    {"funding", 30, 0.3},
    {"open_interest", 30, 0.3},  // no trend: it decides as well which venue's price counts
    {"long_short", 20, 0.2},
    {"liquidations", 20, 0.2, Trend::rising},
}};
void assess(const Inputs& inputs, ComponentValues out);

}  // namespace spillway::liquidation_risk::classic
