#include "monotone.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace spillway::liquidation_risk::monotone {

namespace {

struct Knot {
    double x;
    double y;
};

// Linear between the knots, flat outside.
double piecewise_linear(double x, std::span<const Knot> knots) {
    if (x <= knots.front().x) return knots.front().y;
    for (std::size_t i = 1; i < knots.size(); ++i) {
        const Knot& left = knots[i - 1];
        const Knot& right = knots[i];
        if (x < right.x) {
            return left.y + (right.y - left.y) * ((x - left.x) / (right.x - left.x));
        }
    }
    return knots.back().y;
}

}  // namespace

double funding_points(double funding, Direction direction) {
    static constexpr Knot knots[] = {{.0001, 0}, {.0005, 20}, {.001, 30}};
    return piecewise_linear(-sign(direction) * funding, knots);
}

double open_interest_points(double open_interest_change, double price_change) {
    static constexpr Knot knots[] = {{0, 0}, {5, 15}, {10, 30}};
    const double stillness = std::clamp((4 - std::abs(price_change)) / 2, 0.0, 1.0);
    return piecewise_linear(open_interest_change, knots) * stillness;
}

double long_short_points(double ratio, Direction direction) {
    // NOLINTNEXTLINE(modernize-use-std-numbers): it is the logarithm of a ratio, as its neighbours
    const Knot knots[] = {{std::log(1.2), 0}, {std::log(2.0), 10}, {std::log(3.0), 20}};
    return piecewise_linear(-sign(direction) * std::log(ratio), knots);
}

double liquidation_points(double usd) {
    static constexpr Knot knots[] = {{0, 0}, {10e6, 2}, {100e6, 20}};
    return piecewise_linear(usd, knots);
}

void assess(const Inputs& in, Direction direction, ComponentValues out) {
    std::optional<double> funding, open_interest, long_short, liquidations, liquidated;
    if (in.funding) funding = funding_points(*in.funding, direction);
    if (in.open_interest_change && in.price_change) {
        open_interest = open_interest_points(*in.open_interest_change, *in.price_change);
    }
    if (in.long_short) long_short = long_short_points(*in.long_short, direction);
    if (in.liquidated) {
        liquidated = in.liquidated->of(liquidated_side(direction));
        liquidations = liquidation_points(*liquidated);
    }
    set(out[0], 30, funding, in.funding);
    set(out[1], 30, open_interest, in.open_interest_change);
    set(out[2], 20, long_short, in.long_short);
    set(out[3], 20, liquidations, liquidated);
}

}  // namespace spillway::liquidation_risk::monotone
