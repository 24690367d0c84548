#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <spillway/names.hpp>
#include <spillway/status.hpp>

#include "common/symbols/symbols.hpp"

namespace spillway::normalise {

/// What an interned symbol stands for.
struct Resolved {
    enum class State : std::uint8_t { unknown, good, bad };
    State state = State::unknown;
    bool linear_usd = false;  ///< price times quantity in coins is USD
    std::uint32_t multiplier = 1;
    InstrumentId instrument = InstrumentId::none;
    MarketId market = MarketId::none;
    /// For prices of a wrapped form (WBTC): they are not the market's price.
    MarketId price_market = MarketId::none;
};

/// Maps symbols to instruments; each symbol is read once, then found by its handle.
class Resolver {
public:
    /// `aliases` are written `NAME=MARKET`. On the venues of `linear_usd` a contract quoted in
    /// plain USD is settled in dollars, elsewhere in the coin.
    [[nodiscard]] Status configure(const std::vector<std::string>& aliases,
                                   const std::vector<std::string>& linear_usd);

    [[nodiscard]] const Resolved& resolve(InstrumentId symbol, VenueId venue) {
        const std::size_t usd = is_linear(venue) ? 1 : 0;
        const auto index = static_cast<std::size_t>(symbol);
        if (index >= known_[usd].size()) known_[usd].resize(index + index / 2 + 64);
        Resolved& resolved = known_[usd][index];
        if (resolved.state == Resolved::State::unknown) [[unlikely]] {
            resolved = read(symbol, usd == 1 ? UsdContract::linear : UsdContract::inverse);
        }
        return resolved;
    }

private:
    [[nodiscard]] bool is_linear(VenueId venue) const noexcept {
        return std::ranges::find(linear_venues_, venue) != linear_venues_.end();
    }
    [[nodiscard]] Resolved read(InstrumentId symbol, UsdContract usd) const;

    std::vector<Alias> aliases_;
    std::vector<VenueId> linear_venues_;
    std::array<std::vector<Resolved>, 2> known_;  ///< by UsdContract, then by handle
};

}  // namespace spillway::normalise
