#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace spillway::okx {

/// How a number of contracts becomes US dollars.
enum class Settlement : std::uint8_t {
    unknown,  ///< not known yet: the instrument list tells
    linear,   ///< coins = contracts x size, dollars = coins x price
    inverse,  ///< dollars = contracts x size, coins = dollars / price
};

/// What an instrument id stands for.
struct Contract {
    /// Canonical: `BTC/USDT:USDT`, `BTC/USD:BTC-251226`. Empty: an id of a market that is not
    /// decoded (spot, margin, options, X-perpetuals).
    std::string instrument;
    bool perpetual = false;
    Settlement settlement = Settlement::unknown;
    double size = 0;  ///< of one contract: coins of a linear one, dollars of an inverse one

    [[nodiscard]] bool decoded() const noexcept { return !instrument.empty(); }
    [[nodiscard]] bool sized() const noexcept { return settlement != Settlement::unknown; }

    template <class Archive>
    void fields(Archive& io) {
        io(1, instrument);
        io(2, perpetual);
        io(3, settlement);
        io(4, size);
    }
};

/// Reads an id by its spelling: BASE-QUOTE-SWAP and BASE-QUOTE-YYMMDD with the quotes USDT, USDC
/// and USD. Ids are compared whole: BTC-USD is the beginning of BTC-USDT-SWAP. The size stays
/// unknown.
[[nodiscard]] Contract read_contract(std::string_view id);

/// The instrument of the perpetual that an index (BTC-USDT) belongs to; empty if it has none.
[[nodiscard]] std::string index_instrument(std::string_view index);

/// Settlement by the quote currency: dollars in the id mean an inverse contract.
[[nodiscard]] Settlement settlement_of(std::string_view id);

}  // namespace spillway::okx
