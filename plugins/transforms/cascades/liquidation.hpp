#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/id.hpp>
#include <spillway/kind.hpp>
#include <spillway/time.hpp>

namespace spillway::cascades {

/// USD in millionths. Sums of integers are exact: they do not drift while a window slides, and
/// they do not depend on the order in which simultaneous events arrive.
using MicroUsd = std::int64_t;

/// A larger single liquidation is a unit mistake; the limit also keeps sums of MicroUsd in range.
inline constexpr double largest_notional = 1e10;

[[nodiscard]] inline MicroUsd to_micro_usd(double usd) noexcept { return std::llround(usd * 1e6); }
[[nodiscard]] constexpr double to_usd(MicroUsd amount) noexcept {
    return static_cast<double>(amount) / 1e6;
}

[[nodiscard]] constexpr std::size_t index_of(Side side) noexcept {
    return static_cast<std::size_t>(side);
}

/// One forced order of one market, as the rule keeps it. `venue` and `instrument` are positions in
/// the market's NameTables (handles of interned names must not enter state).
struct Liquidation {
    Time time = 0;  ///< the venue's event time
    Id id;
    double price = 0;       ///< quote per coin; see has_price
    MicroUsd notional = 0;  ///< see has_notional
    std::uint32_t instrument = 0;
    std::uint16_t venue = 0;
    Side side = Side::long_position;  ///< of the liquidated position
    bool has_price = false;
    bool has_notional = false;  ///< false: contract size unknown; never part of a sum in USD

    template <class Archive>
    void fields(Archive& io) {
        io(1, time);
        io(2, id.high);
        io(3, id.low);
        io(4, price);
        io(5, notional);
        io(6, instrument);
        io(7, venue);
        io(8, side);
        io(9, has_price);
        io(10, has_notional);
    }
};

/// The order within a market: event time, then id. "First event" means lowest in this order.
[[nodiscard]] inline bool earlier(const Liquidation& a, const Liquidation& b) noexcept {
    return a.time != b.time ? a.time < b.time : a.id < b.id;
}

/// Names by order of first sight within one market; a few dozen at most. The caller caches the
/// position per interned handle, so the scan runs once a name.
class NameTable {
public:
    [[nodiscard]] std::size_t position_of(std::string_view name) {
        for (std::size_t i = 0; i < names_.size(); ++i) {
            if (names_[i] == name) return i;
        }
        names_.emplace_back(name);
        return names_.size() - 1;
    }
    [[nodiscard]] const std::string& operator[](std::size_t position) const {
        return names_[position];
    }
    [[nodiscard]] std::size_t size() const noexcept { return names_.size(); }

    template <class Archive>
    void fields(Archive& io) {
        io(1, names_);
    }

private:
    std::vector<std::string> names_;
};

}  // namespace spillway::cascades
