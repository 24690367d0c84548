#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::bench {

/// Canonical name of a USD-M symbol: `BTCUSDT` -> `BTC/USDT:USDT`, `BTCUSDT_251226` ->
/// `BTC/USDT:USDT-251226`. Empty for what is not settled in USDT or USDC, COIN-M contracts above
/// all: their quantity counts contracts and must never be multiplied by a price.
std::string canonical_instrument(std::string_view symbol);

/// Maps the venue's symbols to dense numbers, in order of first sight.
class SymbolTable {
public:
    static constexpr std::uint32_t none = UINT32_MAX;
    /// Bytes that must be readable from the start of every symbol.
    static constexpr std::size_t readable = 8;

    SymbolTable();

    /// Number of the symbol's instrument; `none` if it has none or the table is full.
    std::uint32_t find_or_add(const char* text, std::size_t size);

    std::size_t size() const { return instruments_.size(); }
    const std::string& instrument(std::uint32_t number) const { return instruments_[number]; }

private:
    struct Slot {
        std::uint64_t head = 0;  // the first eight bytes, zeros behind a shorter symbol
        std::string text;        // empty: the slot is free
        std::uint32_t instrument = none;
    };

    std::uint32_t add(Slot& slot, std::uint64_t head, std::string_view text);

    std::vector<Slot> slots_;
    std::size_t used_ = 0;
    std::vector<std::string> instruments_;
};

}  // namespace spillway::bench
