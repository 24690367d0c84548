#pragma once

#include <cstdint>
#include <vector>

#include <spillway/time.hpp>

#include "measures.hpp"

namespace spillway::window {

/// Where windows lie: [end - length, end), `end` a multiple of `every`. They are gathered in panes
/// of the greatest common divisor of both, so that an event is added once however many windows
/// overlap.
struct Grid {
    Duration length = minute;
    Duration every = minute;
    Duration pane = minute;

    [[nodiscard]] Time first_end(Time pane_start) const noexcept {
        return floor_to(pane_start, every) + every;
    }
    /// The last window that holds the pane.
    [[nodiscard]] Time last_end(Time pane_start) const noexcept {
        return floor_to(pane_start + length, every);
    }
};

/// The open panes of one key in order of time, `measures` cells each.
class Panes {
public:
    /// The cells of the pane that starts at `start`; valid until the next call.
    Cell* at(Time start, std::size_t measures) {
        for (std::size_t i = starts_.size(); i > 0; --i) {
            if (starts_[i - 1] == start) return &cells_[(i - 1) * measures];
            if (starts_[i - 1] < start) return insert(i, start, measures);
        }
        return insert(0, start, measures);
    }
    [[nodiscard]] bool empty() const noexcept { return starts_.empty(); }
    [[nodiscard]] Time oldest() const noexcept { return starts_.front(); }

    /// Adds up the panes in [from, until); false if there are none.
    bool collect(Time from, Time until, const std::vector<Measure>& measures,
                 std::vector<Cell>& out) const;
    /// Forgets the panes that start before `time`.
    void drop_before(Time time, std::size_t measures);

    template <class Archive>
    void fields(Archive& io) {
        io(1, starts_);
        io(2, cells_);
    }

private:
    Cell* insert(std::size_t index, Time start, std::size_t measures);

    std::vector<Time> starts_;
    std::vector<Cell> cells_;
};

}  // namespace spillway::window
