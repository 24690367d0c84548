#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include <spillway/scorer.hpp>

#include "flows.hpp"
#include "pressure.hpp"

namespace spillway::stablecoin_pressure {

enum class Profile : std::uint8_t { monotone, classic };
inline constexpr std::array<std::string_view, 2> profile_names = {"monotone", "classic"};
inline constexpr std::array<std::string_view, 2> sign_names = {"outflow_positive",
                                                               "inflow_positive"};

/// Options as the pipeline file has them; see option_list.
struct PluginOptions {
    Duration look_back;
    double floor, flow_scale, mint_scale, flow_weight, mint_weight;
    Sign sign;
    Profile profile;
};

/// The one state there is: the score is market-wide.
struct FlowState {
    Flows flows;
    Time now = time_before_all;  ///< engine time up to which `flows` has been advanced

    template <class Archive>
    void fields(Archive& io) {
        io(1, flows);
        io(2, now);
    }
};

/// Emits `pressure` for market `*`, without direction, -100..100.
class StablecoinPressure : public Scorer<StablecoinPressure, FlowState> {
public:
    static constexpr About about = {
        .name = "stablecoin_pressure",
        .version = "1.0.0",
        .summary = "Market-wide -100..100: stablecoins leaving exchanges, and minted, in 4 h",
        .consumes = {Kind::stablecoin_flow, Kind::source_status},
        .emits = {Kind::score},
        .traits = Trait::none,
    };
    static constexpr bool keyed = false;
    static constexpr bool closes = false;
    static constexpr auto option_list = spillway::options(
        option::duration<&PluginOptions::look_back>(
            "look_back", "How long a transfer counts, and bars up to this length.")
            .otherwise("4h")
            .at_least(1e9)
            .at_most(30 * 86'400e9),
        option::number<&PluginOptions::floor>("floor", "Smaller single transfers are ignored.")
            .otherwise("1000000")
            .in("USD")
            .at_least(0),
        option::number<&PluginOptions::flow_scale>("flow_scale",
                                                   "Net outflow from exchanges for one point.")
            .otherwise("2000000")
            .in("USD")
            .at_least(1),
        option::number<&PluginOptions::mint_scale>("mint_scale", "Net minting for one point.")
            .otherwise("10000000")
            .in("USD")
            .at_least(1),
        option::number<&PluginOptions::flow_weight>(
            "flow_weight", "Factor of the exchange flow, before the cap of 50 points.")
            .otherwise("1")
            .at_least(-100)
            .at_most(100),
        option::number<&PluginOptions::mint_weight>(
            "mint_weight", "Factor of minting, before the cap of 50 points.")
            .otherwise("1")
            .at_least(-100)
            .at_most(100),
        option::choice<&PluginOptions::sign>(
            "sign", sign_names, "Which exchange flow is positive: research does not agree.")
            .otherwise("outflow_positive"),
        option::choice<&PluginOptions::profile>("profile", profile_names,
                                                "classic truncates the sum to a whole number.")
            .otherwise("monotone"));
    PluginOptions options{};

    /// No trends: `sign` and negative weights reverse them.
    static constexpr std::array<ComponentSpec, 3> components = {
        {{"exchange_flow", 50, .5}, {"mint_burn", 50, .5}, {"large_transfers", 0, 0}}};
    static constexpr std::array<OutputSpec, 1> outputs = {
        {{"pressure", false, true, components, -100, 100}}};
    struct Context {};

    Status check();
    void advance(FlowState& state, Time now);
    Status observe(FlowState& state, const Event& event, const Batch& batch);
    [[nodiscard]] Time next_due(const FlowState& state) const;
    [[nodiscard]] Assessment<Context> assess(const FlowState& state, Time now, std::size_t output,
                                             Direction direction) const;
    [[nodiscard]] double combine(const Context&, std::span<const double> points,
                                 std::size_t output) const;

private:
    Options rules_;
    NameId profile_ = NameId::none;
    NameId no_source_ = NameId::none;
};

}  // namespace spillway::stablecoin_pressure
