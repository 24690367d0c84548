#include "minute_windows.hpp"

#include <algorithm>
#include <numeric>

namespace spillway::bench {

void MinuteWindows::close_until(std::int64_t time_ms) {
    const std::int64_t first_open = (time_ms - out_of_order_ms) / width_ms;
    if (first_open_ != std::numeric_limits<std::int64_t>::min()) {
        // Only two minutes can hold anything, however far the time jumped.
        const std::int64_t last = std::min(first_open, first_open_ + 2);
        for (std::int64_t minute = first_open_; minute < last; ++minute) close(minute);
    }
    first_open_ = first_open;
    next_close_ms_ = (first_open + 1) * width_ms + out_of_order_ms;
}

void MinuteWindows::close(std::int64_t minute) {
    sort_instruments();
    std::vector<Cell>& cells = open_[static_cast<std::size_t>(minute & 1)];
    cells.resize(2 * symbols_.size());
    for (const std::uint32_t instrument : by_name_) {
        for (const Side side : {Side::long_position, Side::short_position}) {
            Cell& cell = cells[2 * std::size_t{instrument} + static_cast<std::size_t>(side)];
            if (cell.count == 0) continue;
            rows_.append({minute * width_ms, (minute + 1) * width_ms,
                          symbols_.instrument(instrument), side, cell.count, cell.sum});
            cell = {};
        }
    }
}

void MinuteWindows::finish() {
    if (first_open_ == std::numeric_limits<std::int64_t>::min()) return;
    close(first_open_);
    close(first_open_ + 1);
    first_open_ += 2;
}

void MinuteWindows::sort_instruments() {
    if (by_name_.size() == symbols_.size()) return;
    by_name_.resize(symbols_.size());
    std::iota(by_name_.begin(), by_name_.end(), 0U);
    std::sort(by_name_.begin(), by_name_.end(), [this](std::uint32_t left, std::uint32_t right) {
        return symbols_.instrument(left) < symbols_.instrument(right);
    });
}

}  // namespace spillway::bench
