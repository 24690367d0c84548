#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <spillway/testing/script.hpp>

namespace spillway::testing {

/// What a market's day consists of. Every market has each stream once in so many ticks.
struct FixedPlan {
    struct Stream {
        Kind kind;
        std::uint32_t every = 1;  ///< in ticks
        std::string name = {};    ///< of a score
    };
    std::vector<Stream> streams;
    Duration tick = 10 * second;
    std::uint32_t ticks = 400;
    std::uint32_t half = 240;  ///< ticks before the state is kept
    std::uint32_t echo = 0;    ///< ticks after which each record comes once more; 0: never
    std::vector<std::string> markets = {"BTC", "ETH", "SOL"};
};

/// The input of the golden files of state, in two parts. It never changes: each file holds what a
/// node had written after the first part. New plugins and versions get plans of their own; a value
/// depends on nothing but the tick, the market and the stream.
struct FixedMarket {
    Script before, after;

    explicit FixedMarket(const FixedPlan& plan);
};

}  // namespace spillway::testing
