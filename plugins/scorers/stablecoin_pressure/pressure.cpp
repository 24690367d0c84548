#include "pressure.hpp"

#include <algorithm>
#include <cmath>

namespace spillway::stablecoin_pressure {

namespace {

std::optional<double> points(std::optional<double> amount, double scale, double weight,
                             double cap) noexcept {
    if (!amount) return std::nullopt;
    return std::clamp(weight * (*amount / scale), -cap, cap);
}

}  // namespace

double combined(double points, const Options& options) noexcept {
    return std::clamp(options.truncate ? std::trunc(points) : points, -100.0, 100.0);
}

Pressure pressure_of(const Amounts& amounts, const Options& options) noexcept {
    const double sign = options.sign == Sign::outflow_positive ? 1 : -1;
    Pressure pressure;
    pressure.exchange_flow =
        points(amounts.net_outflow, options.flow_scale, sign * options.flow_weight, options.cap);
    pressure.mint_burn =
        points(amounts.net_mint, options.mint_scale, options.mint_weight, options.cap);

    double sum = 0;
    double open = 0;  // what the unknown components could add or take away
    for (const std::optional<double>& component : {pressure.exchange_flow, pressure.mint_burn}) {
        if (component) {
            sum += *component;
            pressure.coverage += .5;
        } else {
            open += options.cap;
        }
    }
    if (pressure.coverage > 0) pressure.value = combined(sum, options);
    pressure.low = combined(sum - open, options);
    pressure.high = combined(sum + open, options);
    return pressure;
}

}  // namespace spillway::stablecoin_pressure
