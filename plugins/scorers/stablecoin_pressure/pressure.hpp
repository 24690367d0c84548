#pragma once

#include <cstdint>
#include <optional>

#include <spillway/time.hpp>

namespace spillway::stablecoin_pressure {

/// Which flow from exchanges counts as positive. Research is not agreed on the sign: it depends on
/// who sends and who receives.
enum class Sign : std::uint8_t {
    outflow_positive,  ///< coins leaving exchanges mean accumulation
    inflow_positive,   ///< coins arriving at exchanges mean buying power
};

struct Options {
    Duration look_back = 4 * hour;
    double floor = 1e6;        ///< USD; for single transfers only, never for bars
    double flow_scale = 2e6;   ///< USD of net outflow for one point
    double mint_scale = 10e6;  ///< USD of net minting for one point
    double flow_weight = 1;    ///< factor before the cap
    double mint_weight = 1;
    double cap = 50;  ///< of each component, both ways
    Sign sign = Sign::outflow_positive;
    bool truncate = false;  ///< profile `classic`: the sum is truncated toward zero, once
};

/// What the look-back holds, in USD. None: no fresh source has sent anything of the kind.
struct Amounts {
    std::optional<double> net_outflow;  ///< outflow - inflow of exchanges
    std::optional<double> net_mint;     ///< minted - burned, or the change of supply
    std::uint32_t large_transfers = 0;  ///< single transfers at or above the floor
};

/// Stablecoin pressure, -100..100, market-wide:
///     clamp((outflow - inflow) / 2e6, -50, 50) + clamp((mint - burn) / 10e6, -50, 50).
/// Positive: net outflow from exchanges (accumulation); negative: net inflow (distribution).
struct Pressure {
    std::optional<double> exchange_flow;  ///< points, -50..50; none if unknown
    std::optional<double> mint_burn;      ///< points, -50..50; none if unknown
    std::optional<double> value;          ///< sum of what is known; none if nothing is
    double low = -100;                    ///< what it could be with the unknown components
    double high = 100;
    double coverage = 0;  ///< .5 a component
};

/// The score from the sum of its components: truncated if so wanted, within -100..100.
[[nodiscard]] double combined(double points, const Options& options) noexcept;

[[nodiscard]] Pressure pressure_of(const Amounts& amounts, const Options& options) noexcept;

}  // namespace spillway::stablecoin_pressure
