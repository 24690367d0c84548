#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "component.hpp"
#include "history.hpp"
#include "sides.hpp"

/// The default profile: inputs ranked in the market's own history, and the move itself measured in
/// its own current volatility. Pure functions of what History measured.
namespace spillway::liquidation_risk::scaled {

/// What the three terms that can sharpen ignition weigh. Self-excitation is shown but weighs
/// nothing until forced orders of the price's own venue prove it.
struct Weights {
    double open_interest = 1;
    double liquidations = 1;
    double self_excitation = 0;
};

/// Why there is or is not a score.
enum class Readiness : std::uint8_t { ready, warming_up, price_missing };

/// Risk is told without a price of now, from crowding alone; ignition and fragility are not.
Readiness readiness(const Measures& measures, bool needs_price);

/// Where the market stands in the direction's cascade.
struct Distance {
    double left = 0;      // b: rest of the cascade move, in current sigmas of 15 minutes
    double complete = 0;  // kappa: the part of the cascade move that has been made, 0..1
};

/// None while the price is stale. An unmade move of a market that stands still is infinitely far.
std::optional<Distance> distance(const Measures& measures, Direction direction);

/// 100 / (1 + exp(b - E - 1)), E = the points of everything that sharpens it.
double logistic(double distance_left, double evidence);

// No trend have liquidations, which are ranked among what they were a moment ago, and ignition:
// what moves the price moves the volatility as well.

/// Fast, minutes: is a cascade under way? A nowcast. Components in units of E, after the price.
inline constexpr std::array<ComponentSpec, 4> ignition_components = {{
    {"price", 0, 0.6},
    {"open_interest", 1, 0.2, Trend::falling},
    {"liquidations", 1, 0.2},
    {"self_excitation", 1, 0, Trend::rising},
}};
void assess_ignition(const Measures& measures, const std::optional<Distance>& distance,
                     std::optional<double> self_excitation, const Weights& weights,
                     Direction direction, ComponentValues out);
double combine_ignition(const std::optional<Distance>& distance, std::span<const double> points);

/// Slow, minutes to hours, weak: how few sigmas make a cascade, and how crowded the market is.
/// Combined by clamped_sum().
inline constexpr std::array<ComponentSpec, 6> fragility_components = {{
    {"volatility", 80, 0.80, Trend::falling},
    {"open_interest", 8, 0.08, Trend::rising},
    {"funding", 5, 0.05, Trend::rising_down},
    {"long_short", 3, 0.03, Trend::rising_down},
    {"basis", 2, 0.02, Trend::rising_down},
    {"pressure", 2, 0.02, Trend::rising_up},
}};
void assess_fragility(const Measures& measures, Direction direction, ComponentValues out);

/// The headline: the larger of four crowding components and ignition.
///
/// Open interest has two terms of which the larger counts, so that a missing day of open interest
/// widens `high` although the last quarter of an hour is known. `ignition` holds its value as
/// known; the two terms after it let `high` grow by what ignition's own missing inputs could add.
inline constexpr std::array<ComponentSpec, 8> risk_components = {{
    {"funding", 30, 0.3, Trend::rising_down},
    {"open_interest", 30, 0.3},
    {"open_interest_growth", 15, 0, Trend::rising},
    {"long_short", 20, 0.2, Trend::rising_down},
    {"liquidations", 20, 0.2},
    {"ignition", 100, 0},
    {"ignition_open_interest", 1, 0, Trend::falling},
    {"ignition_liquidations", 1, 0},
}};
void assess_risk(const Measures& measures, const std::optional<Distance>& distance,
                 const Weights& weights, Direction direction, ComponentValues out);
double combine_risk(const std::optional<Distance>& distance, std::span<const double> points);

}  // namespace spillway::liquidation_risk::scaled
