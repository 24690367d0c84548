#pragma once

#include <cstdint>

namespace spillway::cascades {

/// What the risk looks at: the liquidations of one market, both sides, over the last 60 s.
struct RiskInput {
    std::uint32_t events = 0;
    std::uint32_t longs = 0;
    std::uint32_t shorts = 0;
    std::uint32_t large = 0;   ///< of at least `large_order`
    std::uint32_t venues = 0;  ///< distinct
    std::uint32_t priced = 0;  ///< events that carry a price
    double notional = 0;       ///< USD
    double span_seconds = 0;   ///< newest minus oldest event time; counted as at least 1 s
    double mean_price = 0;
    double price_deviation = 0;  ///< population standard deviation, quote per coin
};

/// USD from which a single order counts as large.
inline constexpr double large_order = 500e3;

/// Six-factor cascade risk, 0..1.05 with three venues, rounded to 3 decimals:
///   .25 min(V / 1e6, 1) + .20 min(events per minute / 10, 1) + .20 max(0, 1 - 10 sigma / mu)
///   + .15 |L - S| / N + .15 large / N + .05 (venues - 1)
/// Without any price the clustering factor counts in full: missing data must not look safe.
/// No events: 0.
[[nodiscard]] double six_factor_risk(const RiskInput& input) noexcept;

/// The risk as a share of what the configured number of venues can reach:
/// 100 risk / (.95 + .05 (venues - 1)), 0..100.
[[nodiscard]] double risk_percent(double risk, std::uint32_t configured_venues) noexcept;

/// Bands of risk_percent at 40, 60 and 80.
enum class RiskBand : std::uint8_t { low, medium, high, extreme };
[[nodiscard]] RiskBand risk_band(double percent) noexcept;

}  // namespace spillway::cascades
