#pragma once

#include <array>
#include <cstdint>

#include <spillway/status.hpp>
#include <spillway/time.hpp>

#include "common/venues/json_fields.hpp"

namespace spillway::bybit {

namespace ondemand = venues::ondemand;

/// The numbers of a ticker, by the venue's names: streams and REST rows carry the same.
enum class TickerField : std::uint8_t {
    last_price,
    mark_price,
    index_price,
    turnover_24h,          ///< quote currency; inverse: coins
    volume_24h,            ///< coins; inverse: contracts of 1 USD
    open_interest,         ///< coins; inverse: contracts. Both sides, as sent since 2026
    open_interest_value,   ///< USD; inverse: coins
    single_open_interest,  ///< the same of one side, since 2026-06
    single_open_interest_value,
    funding_rate,       ///< fraction per funding interval
    next_funding_time,  ///< milliseconds
    funding_interval_hour,
};
inline constexpr std::size_t ticker_fields = 12;

[[nodiscard]] constexpr std::uint32_t bit(TickerField field) noexcept {
    return 1U << static_cast<unsigned>(field);
}

/// Fields that one message carries.
struct TickerValues {
    std::array<double, ticker_fields> values{};
    std::uint32_t present = 0;
    std::uint32_t cleared = 0;  ///< sent as an empty text: the contract has no such value

    [[nodiscard]] bool has(TickerField field) const noexcept { return (present & bit(field)) != 0; }
    [[nodiscard]] double operator[](TickerField field) const noexcept {
        return values[static_cast<std::size_t>(field)];
    }
};

/// Reads the data of a message or a row of a reply; `symbol` views the message. Numbers
/// that are no numbers, prices below zero and tickers of the spot market are refused.
[[nodiscard]] Status read_ticker(ondemand::object data, TickerValues& ticker,
                                 std::string_view& symbol);

/// Sets one field; 0 is none where the venue writes it so. Refuses what no such field can be.
[[nodiscard]] Status set_field(TickerField field, double number, TickerValues& ticker);

/// What is known of a symbol's ticker: a delta carries only what changed.
struct TickerState {
    std::array<double, ticker_fields> values{};
    std::uint32_t known = 0;
    std::uint32_t session = 0;  ///< of the messages that it was made from
    Time time = 0;              ///< of the last message
    /// Event times of the last events, for the values that seldom change.
    Time price_time = 0, interest_time = 0, funding_time = 0;

    [[nodiscard]] bool has(TickerField field) const noexcept { return (known & bit(field)) != 0; }
    [[nodiscard]] double operator[](TickerField field) const noexcept {
        return values[static_cast<std::size_t>(field)];
    }
    void forget() noexcept {
        known = 0;
        price_time = interest_time = funding_time = 0;
    }
    /// Takes a message in; answers the bits of the fields whose value is new.
    std::uint32_t apply(const TickerValues& message) noexcept;

    template <class Archive>
    void fields(Archive& io) {
        io(1, values);
        io(2, known);
        io(3, session);
        io(4, price_time);
        io(5, interest_time);
        io(6, funding_time);
        io(7, time);
    }
};

}  // namespace spillway::bybit
