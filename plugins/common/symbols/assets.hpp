#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace spillway::normalise {

/// What a base asset's name stands for.
struct Asset {
    std::string_view ticker;  ///< the contract's name for it, venue tickers resolved (XBT -> BTC)
    std::string_view market;
    std::uint32_t multiplier = 1;
    bool wrapped = false;
};

/// Resolves tickers (XBT), renamed coins (MATIC), wrapped forms (cbBTC) and multiples (1000PEPE,
/// 1MBABYDOGE, SHIB1000, kBONK). Views point into `name` or into constants.
[[nodiscard]] Asset resolve_asset(std::string_view name) noexcept;

/// What a person writes for a market as `normalise` names it: `btc`, `Btc`, `XBT` and `BTC` are
/// `BTC`. Capitals after the first letter are meant as they stand: `cbBTC`, `sUSDe`.
[[nodiscard]] std::string market_named(std::string_view text);

/// Length of the quote currency at the end of a run-together symbol (BTCUSDT: 4); 0 if there is
/// none or nothing would be left before it.
[[nodiscard]] std::size_t quote_suffix(std::string_view symbol) noexcept;

}  // namespace spillway::normalise
