#pragma once

#include <string>
#include <vector>

#include <spillway/source.hpp>

#include "generator.hpp"

namespace spillway::generate {

struct Options {
    std::uint64_t seed = 1;
    double rate = 1000;
    std::uint64_t count = 0;
    std::string start;
    std::vector<std::string> markets;
    std::vector<std::string> venues;
    std::vector<std::string> kinds;
};

/// Made-up events at a fixed rate, for load tests: equal options give equal events.
class Generate : public SourcePlugin<Generate> {
public:
    static constexpr About about{
        .name = "generate",
        .version = "1.0.0",
        .summary = "Made-up events at a fixed rate, the same for the same seed",
        .emits = {Kind::liquidation, Kind::price, Kind::open_interest, Kind::funding_rate},
        .traits = Trait::replayable | Trait::unbounded};
    static constexpr auto option_list = spillway::options(
        option::integer<&Options::seed>("seed", "Other seeds give other events.").otherwise("1"),
        option::number<&Options::rate>("rate", "Events per second of engine time.")
            .in("events/s")
            .otherwise("1000")
            .at_least(0.001)
            .at_most(1e8),
        option::integer<&Options::count>("count", "Events to make; 0 = without end.")
            .otherwise("0")
            .at_least(0),
        option::text<&Options::start>("start", "Time of the first event, UTC.")
            .otherwise("2026-01-01T00:00:00Z"),
        option::texts<&Options::markets>("markets", "Base assets.").otherwise("BTC,ETH,SOL"),
        option::texts<&Options::venues>("venues", "Venues.").otherwise("binance,bybit"),
        option::texts<&Options::kinds>("kinds",
                                       "In turns: liquidation, price, open_interest, funding_rate.")
            .otherwise("liquidation"));
    Options options;

    Status check();
    Status open(const SourceSetup& setup) noexcept override;
    Result<ReadState> read(SourceOutput& out, std::uint32_t limit) noexcept override;
    void position(StateWriter& out) noexcept override { out(1, next_); }
    Status seek(std::span<const std::byte> position) noexcept override;
    [[nodiscard]] Progress progress() const noexcept override { return {next_, options.count}; }
    [[nodiscard]] bool paced() const noexcept override { return true; }

private:
    Plan plan_;
    std::uint64_t next_ = 0;  ///< index of the next event
    bool needs_ids_ = true;
};

}  // namespace spillway::generate
