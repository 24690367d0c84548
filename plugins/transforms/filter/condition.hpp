#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/fields.hpp>
#include <spillway/status.hpp>

#include "parser.hpp"

namespace spillway::filter {

/// One comparison compiled for one kind: where the value lies and what it must be.
struct Test {
    enum class Op : std::uint8_t { never, present, absent, number, integer, in, not_in };

    Op op = Op::never;
    bool outside = false;        ///< numbers: must lie outside the range (`!=`)
    std::uint8_t width = 8;      ///< bytes of the value
    std::uint16_t offset = 0;    ///< from the start of the event
    std::uint16_t flag = 0;      ///< bit of Event::flags instead of a field
    std::uint32_t presence = 0;  ///< bit of Event::kind_and_presence; 0: always present
    /// Numbers: the range that every comparison is brought to, ends included.
    double low = 0, high = 0;
    std::int64_t lowest = 0, highest = 0;
    std::vector<std::uint64_t> set;  ///< bit n: the value n is a member

    [[nodiscard]] bool holds(const Event& event) const noexcept;
};

struct Parsed;

/// The conditions of an option `where`, compiled per kind. All must hold.
///
///     notional >= 100_000     interval < 5m         settled == true
///     venue in (binance, bybit)    market not in (BTC)    side == long    kind != trade
///     present(mark)           not present(mark)
///
/// An event passes a comparison only if its kind has the field and the event carries it, also with
/// `!=` and `not in`.
class Conditions {
public:
    /// Adds a condition; an error names the column.
    [[nodiscard]] Status add(std::string_view text);

    [[nodiscard]] bool hold(const Event& event) const noexcept {
        return std::ranges::all_of(by_kind_[event.kind_and_presence & 0xFU],
                                   [&](const Test& test) { return test.holds(event); });
    }

private:
    [[nodiscard]] Status add_kind(const Parsed& parsed);
    [[nodiscard]] Status add_header(const Parsed& parsed);
    [[nodiscard]] Status add_field(const Parsed& parsed);

    std::array<std::vector<Test>, kind_names.size()> by_kind_;
};

inline bool Test::holds(const Event& event) const noexcept {
    if (presence != 0 && (event.kind_and_presence & presence) == 0) return op == Op::absent;
    const auto* at = reinterpret_cast<const char*>(&event) + offset;
    switch (op) {
        case Op::never:
        case Op::absent:
            return false;
        case Op::present:
            return true;
        case Op::number: {
            double value = 0;
            std::memcpy(&value, at, sizeof(value));
            return (static_cast<int>(value >= low) & static_cast<int>(value <= high)) != outside;
        }
        case Op::integer: {
            std::int64_t value = 0;
            std::memcpy(&value, at, width);
            return (value >= lowest && value <= highest) != outside;
        }
        case Op::in:
        case Op::not_in: {
            std::uint64_t value = 0;
            std::memcpy(&value, at, width);
            if (flag != 0) value = (value & flag) != 0 ? 1 : 0;
            const std::uint64_t word = value / 64;
            const bool member = word < set.size() && (set[word] >> value % 64 & 1U) != 0;
            return member == (op == Op::in);
        }
    }
    return false;
}

}  // namespace spillway::filter
