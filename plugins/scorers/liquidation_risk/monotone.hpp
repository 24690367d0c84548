#pragma once

#include <array>
#include <optional>

#include "component.hpp"
#include "sides.hpp"

/// The caps of `classic` without its cliffs: piecewise linear, continuous, with a direction.
namespace spillway::liquidation_risk::monotone {

struct Inputs {
    std::optional<double> funding;  // fraction per 8 h
    // Over the same five minutes, one stream each.
    std::optional<double> open_interest_change;  // percent
    std::optional<double> price_change;          // percent
    std::optional<double> long_short;            // longs per short
    std::optional<BySide> liquidated;            // USD of the last 300 s
};

/// Positive funding is paid by longs: they are hurt by a fall.
double funding_points(double funding, Direction direction);
/// New positions while the price stands still; counts in both directions.
double open_interest_points(double open_interest_change, double price_change);
/// More longs than shorts are a risk downwards.
double long_short_points(double ratio, Direction direction);
double liquidation_points(double usd);

/// Combined by clamped_sum().
inline constexpr std::array<ComponentSpec, 4> components = {{
    {"funding", 30, 0.3, Trend::rising_down},
    {"open_interest", 30, 0.3},  // no trend: it decides as well which venue's price counts
    {"long_short", 20, 0.2, Trend::rising_down},
    {"liquidations", 20, 0.2, Trend::rising},
}};
void assess(const Inputs& inputs, Direction direction, ComponentValues out);

}  // namespace spillway::liquidation_risk::monotone
