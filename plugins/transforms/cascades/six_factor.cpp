#include "six_factor.hpp"

#include <algorithm>
#include <cmath>

namespace spillway::cascades {

double six_factor_risk(const RiskInput& input) noexcept {
    if (input.events == 0) return 0;
    const double events = input.events;
    const double per_minute = events / std::max(input.span_seconds, 1.0) * 60;
    const double spread =
        input.priced == 0 || input.mean_price <= 0 ? 0 : input.price_deviation / input.mean_price;
    const double imbalance = std::abs(static_cast<double>(input.longs) - input.shorts);
    const double other_venues = input.venues == 0 ? 0 : input.venues - 1.0;

    const double risk = .25 * std::min(input.notional / 1e6, 1.0) +
                        .20 * std::min(per_minute / 10, 1.0) +
                        .20 * std::max(0.0, 1 - 10 * spread) + .15 * imbalance / events +
                        .15 * input.large / events + .05 * other_venues;
    return std::round(risk * 1000) / 1000;
}

double risk_percent(double risk, std::uint32_t configured_venues) noexcept {
    const double other_venues = configured_venues == 0 ? 0 : configured_venues - 1.0;
    return std::clamp(100 * risk / (.95 + .05 * other_venues), 0.0, 100.0);
}

RiskBand risk_band(double percent) noexcept {
    if (percent >= 80) return RiskBand::extreme;
    if (percent >= 60) return RiskBand::high;
    return percent >= 40 ? RiskBand::medium : RiskBand::low;
}

}  // namespace spillway::cascades
