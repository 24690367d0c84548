#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <spillway/time.hpp>

#include "ring.hpp"
#include "sides.hpp"

namespace spillway::liquidation_risk {

/// Liquidated USD of the last `length`, (t - length, t] by event time.
///
/// Sums are kept in whole millionths of a dollar, so they neither drift as orders leave nor depend
/// on the order in which simultaneous ones came.
class NotionalWindow {
public:
    void add(Time time, const BySide& usd) {
        const Entry entry{time, millionths(usd.longs), millionths(usd.shorts)};
        entries_.push_back(entry);
        for (std::size_t i = entries_.size() - 1; i > 0 && entries_[i - 1].time > time; --i) {
            std::swap(entries_[i], entries_[i - 1]);
        }
        longs_ += entry.longs;
        shorts_ += entry.shorts;
    }

    /// Forgets what happened at or before `time`.
    void forget_through(Time time) {
        while (!entries_.empty() && entries_.front().time <= time) {
            longs_ -= entries_.front().longs;
            shorts_ -= entries_.front().shorts;
            entries_.pop_front();
        }
    }

    BySide usd() const {
        return {static_cast<double>(longs_) / 1e6, static_cast<double>(shorts_) / 1e6};
    }

    template <class Archive>
    void fields(Archive& io) {
        io(1, entries_);
        io(2, longs_);
        io(3, shorts_);
    }

private:
    struct Entry {
        Time time = 0;
        std::int64_t longs = 0;
        std::int64_t shorts = 0;

        template <class Archive>
        void fields(Archive& io) {
            io(1, time);
            io(2, longs);
            io(3, shorts);
        }
    };

    // A single entry is cut at 1e10 USD, so that even a thousand of them cannot overflow.
    static std::int64_t millionths(double usd) {
        return std::llround(std::clamp(usd, -1e10, 1e10) * 1e6);
    }

    Queue<Entry> entries_;
    std::int64_t longs_ = 0;
    std::int64_t shorts_ = 0;
};

}  // namespace spillway::liquidation_risk
