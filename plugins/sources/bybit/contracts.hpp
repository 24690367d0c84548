#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace spillway::bybit {

/// How the size of an order becomes US dollars.
enum class Settlement : std::uint8_t {
    unknown,  ///< not a contract that is quoted in dollars: nothing can be said about its value
    linear,   ///< size in coins, dollars = size x price
    inverse,  ///< size in contracts of 1 USD each, coins = size / price
};

/// What a symbol of the linear and inverse markets stands for.
struct Contract {
    Settlement settlement = Settlement::unknown;
    bool perpetual = false;
    std::string instrument;  ///< canonical: `BTC/USDT:USDT`, `BTC/USD:BTC-251226`

    template <class Archive>
    void fields(Archive& io) {
        io(1, settlement);
        io(2, perpetual);
        io(3, instrument);
    }
};

/// Reads a symbol by its spelling:
///     BTCUSDT  1000PEPEUSDT  BTCUSDT-26DEC25     linear, USDT
///     BTCPERP  BTC-26DEC25                       linear, USDC
///     BTCUSD  BTCUSDZ25                          inverse; the dated ones end on the last Friday of
///                                                March H, June M, September U, December Z
/// Everything else (options, spot pairs of other currencies) is unknown.
[[nodiscard]] Contract read_contract(std::string_view symbol);

/// What the venue's instrument list says, which goes before the spelling.
struct Listed {
    std::string_view contract_type;  ///< LinearPerpetual, LinearFutures, InversePerpetual, ..
    std::string_view base, quote, settle;
    std::int64_t delivery_day = 0;  ///< days since 1970; 0 for perpetuals
};
[[nodiscard]] Contract read_contract(const Listed& listed);

/// `YYMMDD` of a day since 1970.
[[nodiscard]] std::string expiry_text(std::int64_t day);
/// The last Friday of a month (1..12), as days since 1970.
[[nodiscard]] std::int64_t last_friday(int year, int month);

}  // namespace spillway::bybit
