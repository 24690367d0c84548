#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace spillway::normalise {

/// What an external symbol names.
struct Symbol {
    std::string market;  ///< base asset, aliases and multipliers resolved: `BTC`, `PEPE`
    std::string base;    ///< base as the contract names it, tickers resolved: `BTC`, `1000PEPE`
    std::string quote;   ///< `USDT`; empty for a bare asset name (aggregates, venues without quote)
    std::string settle;  ///< `USDT` linear, the base for inverse contracts
    std::string expiry;  ///< `YYMMDD`; empty for perpetuals
    std::uint32_t token_multiplier =
        1;  ///< tokens per unit of quantity and of price: 1000PEPE 1000
    /// A wrapped or staked form (WBTC, wstETH): it belongs to the market, but its price is not the
    /// market's price.
    bool wrapped = false;

    /// `BTC/USDT:USDT`, `BTC/USD:BTC`, `BTC/USDT:USDT-251226`; a bare asset stays `BTC`.
    [[nodiscard]] std::string instrument() const;
    /// Base and quote run together, the form of stores and dashboards: `BTCUSDT`, `BTCUSDT_251226`.
    [[nodiscard]] std::string concatenated() const;
};

/// How to read a contract quoted in plain USD, which the symbol alone does not tell.
enum class UsdContract : std::uint8_t {
    inverse,  ///< settled in the base coin (Binance coin-margined, BitMEX, Deribit, Bybit)
    linear,   ///< settled in USDC (dYdX)
};

/// One more name for an asset, from the user's configuration.
struct Alias {
    std::string name;
    std::string market;
};

/// Reads the symbols of the supported venues and of data files:
///     BTCUSDT  BTCUSDT_251226  BTCUSDT-26DEC25  BTCUSD_PERP  BTCPERP        Binance, Bybit
///     BTC-USDT-SWAP  BTC-USD-251226  BTC-USD  BTC  kPEPE                    OKX, dYdX, Hyperliquid
///     BTC-PERPETUAL  BTC_USDC-PERPETUAL  BTC-26DEC25                        Deribit
///     BTC_USDT  BTC_USDT_20251226  PF_XBTUSD  FI_XBTUSD_251226  XBTUSD      Gate, Kraken, BitMEX
///     BTC/USDT:USDT  BTC/USD:BTC-251226                                     the canonical form
/// A symbol all in lower case is read as upper case. Multiplier names are found by list, because
/// coins exist whose ticker begins with a digit or `k` (1INCH, KAS). Names that are in no list are
/// their own market (venues list names in UTF-8, too). None: no base, longer than 64 bytes, or with
/// a blank or control byte.
/// Not covered: BitMEX month codes (XBTZ25) and options; the venue's instrument list resolves them.
///
/// Allocates; callers keep the result per interned symbol.
[[nodiscard]] std::optional<Symbol> parse_symbol(std::string_view text,
                                                 UsdContract usd = UsdContract::inverse,
                                                 std::span<const Alias> extra = {});

}  // namespace spillway::normalise
