#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include <spillway/keyed_transform.hpp>

#include "rule.hpp"
#include "velocity.hpp"

namespace spillway::cascades {

/// Options as the pipeline file has them; see option_list.
struct Options {
    Duration window;
    std::uint32_t min_events;
    double min_notional;
    Duration late_after, cool_after, close_after, emit_every;
    bool pooled;
    std::uint32_t venues;
    Duration velocity_every;
};

/// Position of an interned handle in a market's NameTable, so that names are compared once. Handles
/// are of this process: never stored.
template <class Handle>
class PositionCache {
public:
    [[nodiscard]] std::size_t position_of(Handle handle, NameTable& names) {
        for (const auto& [known, position] : known_) {
            if (known == handle) return position;
        }
        return known_.emplace_back(handle, names.position_of(text_of(handle))).second;
    }

private:
    std::vector<std::pair<Handle, std::size_t>> known_;  ///< a few dozen at most
};

/// State of one market.
struct Market {
    MarketRule rule;
    Velocity velocity;
    bool moved = false;  ///< a liquidation came since velocities were emitted
    PositionCache<VenueId> venues;
    PositionCache<InstrumentId> instruments;

    template <class Archive>
    void fields(Archive& io) {
        io(1, rule);
        io(2, velocity);
        io(3, moved);
    }
};

/// Feeds each market's rule and turns its emissions into `cascade` events.
class Cascades : public KeyedTransform<Cascades, Market> {
public:
    static constexpr std::array<std::string_view, 1> port_names = {"velocity"};
    static constexpr About about = {
        .name = "cascades",
        .version = "1.0.0",
        .summary = "Liquidation cascades: one id each, members, six-factor risk, velocity",
        .consumes = {Kind::liquidation},
        .emits = {Kind::cascade, Kind::extension},
        .traits = Trait::keyed | Trait::needs_ids | Trait::late_output,
        .ports = port_names,
    };
    static constexpr auto option_list = spillway::options(
        option::duration<&Options::window>(
            "window", "Event time in which the liquidations must lie, (t - window, t].")
            .otherwise("60s")
            .at_least(1e6)
            .at_most(3.6e12),
        option::integer<&Options::min_events>("min_events", "Liquidations in the window.")
            .otherwise("5")
            .at_least(1)
            .at_most(1e6),
        option::number<&Options::min_notional>("min_notional", "Their sum in the window.")
            .otherwise("100000")
            .in("USD")
            .at_least(0)
            .at_most(1e12),
        option::duration<&Options::late_after>(
            "late_after",
            "A liquidation further behind the market's newest neither opens nor "
            "joins a cascade.")
            .otherwise("60s")
            .at_least(0),
        option::duration<&Options::cool_after>(
            "cool_after", "Engine time without a member until a cascade is cooling.")
            .otherwise("60s")
            .at_least(1e6),
        option::duration<&Options::close_after>(
            "close_after", "Engine time after the last member until a cascade is closed.")
            .otherwise("300s")
            .at_least(1e6),
        option::duration<&Options::emit_every>(
            "emit_every", "Least time between emissions that only add members.")
            .otherwise("1s")
            .at_least(0),
        option::boolean<&Options::pooled>(
            "pooled", "One cascade a market for both sides, instead of one per side.")
            .otherwise("false"),
        option::integer<&Options::venues>("venues",
                                          "Venues that are configured; scales risk_percent.")
            .otherwise("3")
            .at_least(1)
            .at_most(1000),
        option::duration<&Options::velocity_every>(
            "velocity_every", "Grid of the output `velocity` while a cascade is open; 0s: none.")
            .otherwise("1s")
            .at_least(0));
    Options options{};

    Status check();
    Status on(Market& market, const Event& event, Context& context);
    void on_timer(Market& market, TimerId timer, Time due, Context& context);

private:
    static constexpr TimerId rule_timer = 0;
    static constexpr TimerId velocity_timer = 1;

    void write(const Market& market, const Emission& emission, Context& context) const;
    static void write_velocity(const Market& market, Context& context);
    [[nodiscard]] bool open(const Market& market) const noexcept;

    RuleOptions rule_;
    std::vector<Emission> emissions_;  ///< of one call; kept for its memory
};

}  // namespace spillway::cascades
