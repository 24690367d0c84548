#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/scorer.hpp>

#include "handles.hpp"
#include "market.hpp"
#include "provenance.hpp"

namespace spillway::liquidation_risk {

enum class Profile : std::uint8_t { scaled, monotone, classic };
inline constexpr std::array<std::string_view, 3> profile_names = {"scaled", "monotone", "classic"};

struct Options {
    Profile profile = Profile::scaled;
    double move_floor = 0.015;
    double move_factor = 4;
    double weight_open_interest = 1;
    double weight_liquidations = 1;
    double weight_self_excitation = 0;
    Duration half_life = minute;
    bool trial_closes = true;
    std::vector<std::string> on_chain_venues;
    Duration funding_interval = 0;
    Duration open_interest_interval = 0;
    Duration long_short_interval = 0;
    Duration pressure_interval = 0;
};

/// One market: what is remembered of it, and how its streams are found again.
struct MarketState {
    Market market;
    Handles handles;

    template <class Archive>
    void fields(Archive& io) {
        io(1, market);
    }
};

/// How close a market is to a cascade of forced selling or a short squeeze, as three scores.
class LiquidationRisk : public Scorer<LiquidationRisk, MarketState> {
public:
    static constexpr About about = {
        .name = "liquidation_risk",
        .version = "1.0.0",
        .summary = "How close forced selling or a squeeze is to feeding on itself, per market",
        .consumes = {Kind::price, Kind::bar, Kind::funding_rate, Kind::open_interest,
                     Kind::long_short_ratio, Kind::liquidation, Kind::liquidation_sum,
                     Kind::source_status, Kind::score},
        .emits = {Kind::score},
        .traits = Trait::keyed,
    };
    static constexpr auto option_list = spillway::options(
        option::choice<&Options::profile>(
            "profile", profile_names,
            "scaled: inputs ranked in the market's own history. monotone, classic: fixed "
            "thresholds, `risk` only.")
            .otherwise("scaled"),
        option::number<&Options::move_floor>(
            "move_floor", "The least 15-minute move that counts as a cascade, as a fraction.")
            .otherwise("0.015")
            .at_least(1e-6),
        option::number<&Options::move_factor>(
            "move_factor", "A cascade in typical 15-minute moves of the market's last 30 days.")
            .otherwise("4")
            .at_least(0),
        option::number<&Options::weight_open_interest>(
            "weight_open_interest", "How much shrinking open interest may add to ignition.")
            .otherwise("1")
            .at_least(0)
            .at_most(10),
        option::number<&Options::weight_liquidations>(
            "weight_liquidations", "How much unusual liquidations may add to ignition.")
            .otherwise("1")
            .at_least(0)
            .at_most(10),
        option::number<&Options::weight_self_excitation>(
            "weight_self_excitation",
            "How much the self-excitation of single orders may add to ignition; unproven.")
            .otherwise("0")
            .at_least(0)
            .at_most(10),
        option::duration<&Options::half_life>(
            "half_life", "A single liquidation loses half its weight in this time.")
            .otherwise("60s")
            .at_least(static_cast<double>(second)),
        option::boolean<&Options::trial_closes>(
            "trial_closes",
            "Between closes, score the newest price as if the next close had it; else only closes "
            "and stale inputs change a score.")
            .otherwise("true"),
        option::texts<&Options::on_chain_venues>(
            "on_chain_venues",
            "Venues (a trailing * matches any end) that are never part of an aggregator's sum.")
            .otherwise("aave_*,compound_*,morpho_*,spark_*"),
        option::duration<&Options::funding_interval>(
            "funding_interval",
            "Expected time between funding rates that do not say it; 0s: the funding interval, "
            "else 8h.")
            .otherwise("0s")
            .at_least(0),
        option::duration<&Options::open_interest_interval>(
            "open_interest_interval",
            "Expected time between values of open interest that do not say it; 0s: 60s.")
            .otherwise("0s")
            .at_least(0),
        option::duration<&Options::long_short_interval>(
            "long_short_interval",
            "Expected time between long/short ratios that do not say it; 0s: 60s.")
            .otherwise("0s")
            .at_least(0),
        option::duration<&Options::pressure_interval>(
            "pressure_interval", "Expected time between scores of stablecoin pressure; 0s: 60s.")
            .otherwise("0s")
            .at_least(0));
    /// The first three are those of `scaled`; `risk` of the other profiles has other components.
    static constexpr std::array<OutputSpec, 5> outputs = {{
        {"risk", true, true, scaled::risk_components},
        {"ignition", true, false, scaled::ignition_components},
        {"fragility", true, false, scaled::fragility_components},
        {"risk", true, true, monotone::components},
        {"risk", false, true, classic::components},
    }};
    struct Context {
        std::optional<scaled::Distance> distance;
    };
    Options options;
    bool closes = true;  // the fixed profiles know none

    Status begin(const NodeSetup& setup);
    bool emits(std::size_t output) const { return profile_of(output) == options.profile; }

    void advance(MarketState& state, Time now);
    double observe(MarketState& state, const Event& event, const Batch& batch);
    static Time next_due(const MarketState& state) { return state.market.next_due(); }
    Assessment<Context> assess(const MarketState& state, Time now, std::size_t output,
                               Direction direction) const;
    static double combine(const Context& context, std::span<const double> points,
                          std::size_t output);
    void explain(const MarketState& state, Time now, std::size_t output,
                 std::span<ComponentValue> components);

private:
    enum Output : std::size_t { risk, ignition, fragility, risk_monotone, risk_classic };

    static constexpr Profile profile_of(std::size_t output) {
        if (output == risk_monotone) return Profile::monotone;
        return output == risk_classic ? Profile::classic : Profile::scaled;
    }

    double take(MarketState& state, const Event& event);
    double price(MarketState& state, const Event& event);
    void funding(MarketState& state, const Event& event) const;
    void open_interest(MarketState& state, const Event& event) const;
    void long_short(MarketState& state, const Event& event) const;
    double order(MarketState& state, const Event& event);
    void sum(MarketState& state, const Event& event);
    void status(MarketState& state, const Event& event);
    double score(MarketState& state, const Event& event) const;
    Liquidations::Index venue(MarketState& state, const Event& event);
    bool on_chain(std::string_view venue) const;

    void assess_scaled(const MarketState& state, std::size_t output, Direction direction,
                       Assessment<Context>& out) const;

    struct Names {
        NameId pressure, profile, warming_up, price_missing, no_input, too_little_history,
            venue_out;
    };

    Settings settings_;
    scaled::Weights weights_;
    bool keep_samples_ = false;
    Names names_{};
    Provenance provenance_;
};

}  // namespace spillway::liquidation_risk
