#include "panes.hpp"

#include <algorithm>

namespace spillway::window {

Cell* Panes::insert(std::size_t index, Time start, std::size_t measures) {
    starts_.insert(starts_.begin() + static_cast<std::ptrdiff_t>(index), start);
    const auto at = cells_.begin() + static_cast<std::ptrdiff_t>(index * measures);
    return &*cells_.insert(at, measures, Cell{});
}

bool Panes::collect(Time from, Time until, const std::vector<Measure>& measures,
                    std::vector<Cell>& out) const {
    out.assign(measures.size(), Cell{});
    bool any = false;
    for (std::size_t i = 0; i < starts_.size(); ++i) {
        if (starts_[i] < from || starts_[i] >= until) continue;
        any = true;
        for (std::size_t m = 0; m < measures.size(); ++m) {
            measures[m].merge(out[m], cells_[i * measures.size() + m]);
        }
    }
    return any;
}

void Panes::drop_before(Time time, std::size_t measures) {
    const auto kept = std::lower_bound(starts_.begin(), starts_.end(), time);
    const auto count = kept - starts_.begin();
    starts_.erase(starts_.begin(), kept);
    cells_.erase(cells_.begin(), cells_.begin() + count * static_cast<std::ptrdiff_t>(measures));
}

}  // namespace spillway::window
