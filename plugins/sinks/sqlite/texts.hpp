#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <spillway/id.hpp>
#include <spillway/kind.hpp>
#include <spillway/names.hpp>
#include <spillway/time.hpp>

namespace spillway::sqlite {

/// `BTC/USDT:USDT` -> `BTCUSDT`, `BTC/USD:BTC-260327` -> `BTCUSD_260327`; a text in another form
/// (a bare asset, a venue's symbol) stays as it is.
[[nodiscard]] std::string concatenated(std::string_view instrument);

/// The `symbol` columns, made once per handle. What they return lives until the next call.
class Symbols {
public:
    explicit Symbols(std::string market_suffix) : suffix_(std::move(market_suffix)) {}

    [[nodiscard]] std::string_view of(InstrumentId instrument);
    /// Market + suffix; what concerns all markets is `*`.
    [[nodiscard]] std::string_view of(MarketId market);

private:
    std::string suffix_;
    std::vector<std::string> instruments_, markets_;  ///< by handle; empty = not made yet
};

/// Values of the `side` columns.
[[nodiscard]] constexpr std::string_view side_text(Side side) noexcept {
    return side == Side::long_position ? "LONG" : "SHORT";
}

/// Trading session of a time in UTC: Saturday and Sunday `weekend`, else by hour 0-8 `asian`,
/// 8-16 `european`, 16-24 `us`.
[[nodiscard]] std::string_view session_type(Time time) noexcept;

}  // namespace spillway::sqlite
