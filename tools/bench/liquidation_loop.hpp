#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>

#include <tl/expected.hpp>

#include "hand_loop.hpp"
#include "line_blocks.hpp"
#include "minute_windows.hpp"
#include "symbol_table.hpp"
#include "window_rows.hpp"

namespace spillway::bench {

/// What the job needs of a forceOrder frame.
struct ForceOrder {
    std::uint32_t instrument = SymbolTable::none;
    Side side = Side::long_position;
    std::int64_t time_ms = 0;
    double notional_usd = 0;
};

constexpr double least_notional_usd = 100'000;

/// What fits into 64-bit nanoseconds, as the framework keeps time (until the year 2262).
constexpr bool is_representable(std::int64_t time_ms) {
    return time_ms >= 0 && time_ms <= std::numeric_limits<std::int64_t>::max() / 1'000'000;
}

/// The loop around `decode(Line, SymbolTable&, ForceOrder&) -> bool`, which both parsers share.
template <class Decoder>
tl::expected<LoopResult, std::string> run_loop(Decoder& decode, const std::filesystem::path& input,
                                               const std::filesystem::path& output) {
    LineBlocks lines(input);
    if (lines.error()) return tl::make_unexpected(*lines.error());
    RowFile rows(output);
    SymbolTable symbols;
    MinuteWindows windows(symbols, rows);
    LoopResult result;
    for (Line line; lines.next(line);) {
        ++result.lines;
        ForceOrder order;
        if (!decode(line, symbols, order) || !is_representable(order.time_ms)) {
            ++result.rejected;
            continue;
        }
        windows.advance(order.time_ms);
        if (order.notional_usd < least_notional_usd) {
            ++result.below_threshold;
        } else if (windows.add(order.instrument, order.side, order.time_ms, order.notional_usd)) {
            ++result.counted;
            result.counted_notional_usd += order.notional_usd;
        } else {
            ++result.late;
        }
    }
    if (lines.error()) return tl::make_unexpected(*lines.error());
    windows.finish();
    return rows.close().map([&result] { return result; });
}

}  // namespace spillway::bench
