#include "ticker.hpp"

#include <bit>
#include <string_view>

#include <fmt/format.h>

namespace spillway::bybit {
namespace {

using venues::Found;
using venues::wrong_field;

constexpr std::array<std::string_view, ticker_fields> names = {
    "lastPrice",         "markPrice",          "indexPrice",
    "turnover24h",       "volume24h",          "openInterest",
    "openInterestValue", "singleOpenInterest", "singleOpenInterestValue",
    "fundingRate",       "nextFundingTime",    "fundingIntervalHour"};

constexpr std::size_t longest_name = 23;

/// The names of each length, a bit for each: most fields of a ticker are none of them.
constexpr auto names_of_length = [] {
    std::array<std::uint32_t, longest_name + 1> found{};
    for (std::size_t i = 0; i < names.size(); ++i) found[names[i].size()] |= 1U << i;
    return found;
}();

std::size_t find_name(std::string_view key) noexcept {
    if (key.size() > longest_name) return names.size();
    for (std::uint32_t left = names_of_length[key.size()]; left != 0; left &= left - 1) {
        const auto i = static_cast<std::size_t>(std::countr_zero(left));
        if (key == names[i]) return i;
    }
    return names.size();
}

bool in_range(TickerField field, double value) noexcept {
    switch (field) {
        case TickerField::funding_rate:
            return value > -1 && value < 1;
        case TickerField::funding_interval_hour:
            return value > 0 && value <= 24 * 7;
        case TickerField::next_funding_time:
            return venues::is_plausible(value) &&
                   venues::is_event_time(static_cast<std::int64_t>(value));
        default:
            return value >= 0;
    }
}

/// Fields in which the venue writes 0 for "there is none".
constexpr std::uint32_t zero_is_absent =
    bit(TickerField::last_price) | bit(TickerField::mark_price) | bit(TickerField::index_price) |
    bit(TickerField::next_funding_time) | bit(TickerField::funding_interval_hour);

Status read_field(std::size_t index, ondemand::value value, TickerValues& ticker) {
    const auto which = static_cast<TickerField>(index);
    double number = 0;
    switch (venues::read_number(value, number)) {
        case Found::present:
            return set_field(which, number, ticker);
        case Found::absent:
            break;
        case Found::wrong:
            return bad_record(fmt::format("tickers: {}: expected a number, got {}", names[index],
                                          venues::shown(value)),
                              names[index]);
    }
    ticker.cleared |= bit(which);
    return {};
}

}  // namespace

Status set_field(TickerField field, double number, TickerValues& ticker) {
    const auto index = static_cast<std::size_t>(field);
    ticker.values[index] = number;
    if (number == 0 && (zero_is_absent & bit(field)) != 0) {
        ticker.cleared |= bit(field);
        return {};
    }
    if (!in_range(field, number)) {
        return bad_record(fmt::format("tickers: {}: {} is out of range", names[index], number),
                          names[index]);
    }
    ticker.present |= bit(field);
    return {};
}

Status read_ticker(ondemand::object data, TickerValues& ticker, std::string_view& symbol) {
    symbol = {};
    Status status =
        venues::for_each_field(data, [&](std::string_view key, ondemand::value value) -> Status {
            const std::size_t index = find_name(key);
            if (index < names.size()) return read_field(index, value, ticker);
            if (key == "symbol" && venues::read_text(value, symbol) != Found::present) {
                return wrong_field("tickers", "symbol", "a text");
            }
            if (key == "usdIndexPrice") {
                return bad_record(
                    "tickers: usdIndexPrice: a ticker of the spot market; subscribe at the linear "
                    "or inverse address");
            }
            return {};
        });
    if (status.ok() && symbol.empty()) return bad_record("tickers: no symbol", "symbol");
    return status;
}

std::uint32_t TickerState::apply(const TickerValues& message) noexcept {
    std::uint32_t changed = 0;
    for (std::size_t i = 0; i < ticker_fields; ++i) {
        const std::uint32_t mask = 1U << i;
        if ((message.present & mask) == 0) continue;
        if ((known & mask) == 0 || values[i] != message.values[i]) changed |= mask;
        values[i] = message.values[i];
    }
    known = (known | message.present) & ~message.cleared;
    // A one-sided value that did not come along is older than the two-sided one.
    const auto outdated = [&](TickerField both, TickerField single) {
        if (message.has(both) && !message.has(single)) known &= ~bit(single);
    };
    outdated(TickerField::open_interest, TickerField::single_open_interest);
    outdated(TickerField::open_interest_value, TickerField::single_open_interest_value);
    return changed;
}

}  // namespace spillway::bybit
