#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

#include "liquidation.hpp"
#include "six_factor.hpp"

namespace spillway::cascades {

/// The last liquidations of one market by event time, both sides, with running totals.
/// Memory is bounded by the width of the window, not by a count. Adding costs O(1) amortised
/// (an event that arrives out of order is moved past the newer ones).
class Window {
public:
    struct Totals {
        std::uint32_t count = 0;
        MicroUsd notional = 0;

        template <class Archive>
        void fields(Archive& io) {
            io(1, count);
            io(2, notional);
        }
    };

    void add(const Liquidation& event);
    /// Drops everything at or before `oldest`: the window is (oldest, newest].
    void drop_until(Time oldest);
    /// Drops one side: events of a closed cascade never count for the next one.
    void drop_side(Side side);

    [[nodiscard]] const std::deque<Liquidation>& events() const noexcept { return events_; }
    [[nodiscard]] const Totals& of(Side side) const noexcept { return totals_[index_of(side)]; }
    [[nodiscard]] RiskInput risk_input() const noexcept;

    template <class Archive>
    void fields(Archive& io) {
        io(1, events_);
        io(2, totals_);
        io(3, by_venue_);
        io(4, venues_);
        io(5, large_);
        io(6, priced_);
        io(7, reference_price_);
        io(8, deviation_sum_);
        io(9, deviation_squares_);
    }

private:
    enum class Change { add, remove };
    void count(const Liquidation& event, Change change);

    std::deque<Liquidation> events_;  ///< by `earlier`
    std::array<Totals, 2> totals_;
    std::vector<std::uint32_t> by_venue_;  ///< events by venue position
    std::uint32_t venues_ = 0;
    std::uint32_t large_ = 0;
    // Sums of (price - reference): price levels are large against their spread. The reference is
    // the first price after the window was without one.
    std::uint32_t priced_ = 0;
    double reference_price_ = 0;
    double deviation_sum_ = 0;
    double deviation_squares_ = 0;
};

}  // namespace spillway::cascades
