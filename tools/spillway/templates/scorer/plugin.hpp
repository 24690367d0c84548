#pragma once

#include <array>
#include <span>

#include <spillway/fields.hpp>
#include <spillway/scorer.hpp>

namespace spillway::my_plugin {

struct Options {
    Duration half_life = 0;
    double scale = 0;
    Duration max_age = 0;
};

/// What is kept per market. Liquidated notional halves every `half_life`, at whole minutes of
/// engine time: scores change by themselves, so the grid decides when, not the arrival of records.
struct Market {
    double long_notional = 0, short_notional = 0;  ///< USD, decayed
    double funding = 0;                            ///< newest rate, per 8 hours
    Time funding_at = time_before_all;             ///< before all: none that is fresh
    Time warm_at = time_never;                     ///< end of the warming up, until it is reached
    Time next_close = time_never;
    bool warm = false;

    template <class Archive>
    void fields(Archive& io) {
        io(1, long_notional);
        io(2, short_notional);
        io(3, funding);
        io(4, funding_at);
        io(5, warm_at);
        io(6, next_close);
        io(7, warm);
    }
};

/// 0..100 per market and direction: forced orders of late (required), and a funding rate that says
/// that one side is crowded (optional). The author says what the parts are worth; the engine makes
/// value, low, high and coverage of them, so that a missing part never looks like a calm market.
class MyPlugin : public Scorer<MyPlugin, Market> {
public:
    static constexpr About about = {
        .name = "my_plugin",
        .version = "0.1.0",
        .summary = "0..100 from recent liquidations and the funding rate",
        .consumes = {Kind::liquidation, Kind::funding_rate},
        .emits = {Kind::score},
        .traits = Trait::keyed,
    };
    static constexpr auto option_list = spillway::options(
        option::duration<&Options::half_life>("half_life", "A liquidation counts half after this.")
            .otherwise("10m")
            .at_least(static_cast<double>(minute)),
        option::number<&Options::scale>("scale", "Liquidated notional that is worth all points.")
            .otherwise("10_000_000")
            .in("USD")
            .at_least(1),
        option::duration<&Options::max_age>("max_age", "An older funding rate is missing.")
            .otherwise("9h")
            .at_least(static_cast<double>(minute)));
    Options options;

    /// Name, most points, share of the coverage, and how points move with the raw input.
    static constexpr std::array<ComponentSpec, 2> components = {
        {{"liquidations", 70, .7, Trend::rising}, {"funding", 30, .3, Trend::rising_down}}};
    /// One score with directions down and up; the larger is the headline.
    static constexpr std::array<OutputSpec, 1> outputs = {{{"stress", true, true, components}}};
    /// What `combine` must know beside the points: nothing.
    struct Context {};

    Status check();
    void advance(Market& market, Time now) const;
    Status observe(Market& market, const Event& event, const Batch& batch) const;
    [[nodiscard]] Time next_due(const Market& market) const;
    [[nodiscard]] Assessment<Context> assess(const Market& market, Time now, std::size_t output,
                                             Direction direction) const;
    /// Pure, and never smaller when a part grows.
    [[nodiscard]] double combine(const Context&, std::span<const double> points,
                                 std::size_t output) const;

private:
    double keep_ = 1;  ///< what a minute leaves of a notional
    NameId warming_up_ = NameId::none, no_funding_ = NameId::none;
};

}  // namespace spillway::my_plugin
