#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <simdjson.h>

#include <spillway/id.hpp>
#include <spillway/status.hpp>
#include <spillway/time.hpp>

namespace spillway::replay {

/// The keys of a record whose values are numbers; times and spans in milliseconds, money in USD.
enum class Number : std::uint8_t {
    price,
    open,
    high,
    low,
    volume_usd,
    volume_base,
    derived,  // price
    rate,
    rate_interval_ms,  // funding
    oi_usd,
    oi_base,  // open_interest
    ratio,    // long_short_ratio
    long_usd,
    short_usd,
    long_count,
    short_count,  // liquidation: sums
    qty,
    usd,  // liquidation: one order
    n,
    funding_pct,  // liquidation_batch
    inflow_usd,
    outflow_usd,
    supply_usd,  // stablecoin_flow
    interval_ms,
};
inline constexpr std::size_t number_count = 24;
[[nodiscard]] std::string_view name_of(Number key) noexcept;

/// One line of a recording. Texts view the parser's memory: valid until the next line.
struct Record {
    Time time = 0;
    std::string_view venue, symbol, kind;
    std::string_view side, scope, px;  ///< empty if absent
    std::array<double, number_count> numbers{};
    std::uint32_t present = 0;  ///< bit by Number
    Id content;                 ///< of all fields, in any order; only if asked for

    [[nodiscard]] bool has(Number key) const noexcept {
        return (present >> static_cast<unsigned>(key) & 1U) != 0;
    }
    [[nodiscard]] double operator[](Number key) const noexcept {
        return numbers[static_cast<std::size_t>(key)];
    }
};

/// Reads lines. Checks all that concerns one field: types, ranges, that `ts`, `venue`, `symbol`
/// and `kind` are there. Keys that it does not know count for the identity only.
class RecordParser {
public:
    /// `line` has 64 readable bytes after it. An error names the field and what was expected.
    [[nodiscard]] Status parse(std::string_view line, bool with_content, Record& record) noexcept;

private:
    simdjson::ondemand::parser parser_;
};

}  // namespace spillway::replay
