#include "classic.hpp"

#include <algorithm>
#include <cmath>

namespace spillway::liquidation_risk::classic {

namespace {

// min(cap, int(x)); x may be infinite, which no integer can hold.
double whole_points(double cap, double x) { return std::min(cap, std::trunc(x)); }

}  // namespace

double percent_change(double last, double reference) {
    return (last - reference) / reference * 100;
}

double funding_points(double funding) {
    const double a = std::abs(funding);
    if (a < 0.0001) return 0;
    if (a < 0.0005) return 10;
    if (a < 0.001) return 20;
    return whole_points(30, a * 30000);
}

double open_interest_points(double open_interest_change, double price_change) {
    if (open_interest_change > 5 && std::abs(price_change) < 2) {
        return whole_points(30, 3 * open_interest_change);
    }
    if (open_interest_change > 10) return whole_points(30, 2 * open_interest_change);
    return 0;
}

double long_short_points(double ratio) {
    if (ratio > 2) return whole_points(20, (ratio - 1) * 10);
    if (ratio < 0.5) return whole_points(20, (1 / ratio - 1) * 10);
    return 0;
}

double liquidation_points(double usd) { return usd > 10e6 ? whole_points(20, usd / 5e6) : 0; }

void assess(const Inputs& in, ComponentValues out) {
    const auto points = [](const std::optional<double>& input, double (*rule)(double)) {
        return input ? std::optional(rule(*input)) : std::nullopt;
    };
    std::optional<double> open_interest;
    if (in.open_interest_change && in.price_change) {
        open_interest = open_interest_points(*in.open_interest_change, *in.price_change);
    }
    set(out[0], 30, points(in.funding, funding_points), in.funding);
    set(out[1], 30, open_interest, in.open_interest_change);
    set(out[2], 20, points(in.long_short, long_short_points), in.long_short);
    set(out[3], 20, points(in.liquidated, liquidation_points), in.liquidated);
}

}  // namespace spillway::liquidation_risk::classic
