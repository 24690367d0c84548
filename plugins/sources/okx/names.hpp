#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <spillway/kind.hpp>

namespace spillway::okx {

/// What a stream or poll carries; where a stream and a poll share a name, their rows are alike.
enum class Rows : std::uint8_t {
    liquidation_orders,  ///< orders grouped by instrument
    liquidations,        ///< single orders of the instrument in `arg`, recordings of 2021
    funding_rate,
    open_interest,
    mark_price,
    tickers,
    trades,
    index_tickers,
    // Polls only.
    funding_history,
    instruments,
    account_ratio,  ///< of all contracts of a coin
    account_ratio_contract,
    account_ratio_top,
    position_ratio_top,
    open_interest_history,
    open_interest_volume,  ///< of all contracts of a coin
};

/// Tables of the v3 format, of swaps and futures alike.
enum class Table : std::uint8_t { liquidation, mark_price, ticker, funding_rate, trade };

/// "swap/liquidation"; none if it is not decoded.
[[nodiscard]] std::optional<Table> find_table(std::string_view name) noexcept;

struct Name {
    std::string_view text;
    Rows rows;
    Kind kind;
    bool stream = false, poll = false;
};

/// Null if it is not decoded.
[[nodiscard]] const Name* find_stream(std::string_view channel) noexcept;
/// By the last part of the path: `/api/v5/public/open-interest` and `open-interest` are one.
[[nodiscard]] const Name* find_poll(std::string_view path) noexcept;
/// The kind of the stream that a text of the venue speaks of, if it names one.
[[nodiscard]] std::optional<Kind> kind_in(std::string_view text) noexcept;

/// `5m`, `1H`, `1D`, `6Hutc`; 0 if it is none.
[[nodiscard]] std::int64_t read_period(std::string_view text) noexcept;

}  // namespace spillway::okx
