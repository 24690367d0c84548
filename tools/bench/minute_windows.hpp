#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include "symbol_table.hpp"
#include "window_rows.hpp"

namespace spillway::bench {

/// Count and sum by instrument and side over tumbling minutes of event time. The watermark trails
/// the latest time seen by 5 s, so at most two minutes are open at once. Rows of a minute leave
/// in order of instrument, longs first; a window without orders gives no row.
class MinuteWindows {
public:
    static constexpr std::int64_t width_ms = 60'000;
    static constexpr std::int64_t out_of_order_ms = 5'000;

    MinuteWindows(const SymbolTable& symbols, RowFile& rows) : symbols_(symbols), rows_(rows) {}

    /// Tells the time of every record, also of those that are not added; closes what is due.
    void advance(std::int64_t time_ms) {
        if (time_ms >= next_close_ms_) close_until(time_ms);
    }

    /// False if the window of `time_ms` is closed already.
    bool add(std::uint32_t instrument, Side side, std::int64_t time_ms, double notional_usd) {
        const std::int64_t minute = time_ms / width_ms;
        if (minute < first_open_) return false;
        std::vector<Cell>& cells = open_[static_cast<std::size_t>(minute & 1)];
        const std::size_t index = 2 * std::size_t{instrument} + static_cast<std::size_t>(side);
        if (index >= cells.size()) cells.resize(2 * symbols_.size());
        ++cells[index].count;
        cells[index].sum += notional_usd;
        return true;
    }

    /// Closes all windows at the end of input.
    void finish();

private:
    struct Cell {
        std::uint64_t count = 0;
        double sum = 0;
    };

    void close_until(std::int64_t time_ms);
    void close(std::int64_t minute);
    void sort_instruments();

    const SymbolTable& symbols_;
    RowFile& rows_;
    std::array<std::vector<Cell>, 2> open_;  // by minute modulo two
    std::vector<std::uint32_t> by_name_;
    std::int64_t first_open_ = std::numeric_limits<std::int64_t>::min();
    std::int64_t next_close_ms_ = std::numeric_limits<std::int64_t>::min();
};

}  // namespace spillway::bench
