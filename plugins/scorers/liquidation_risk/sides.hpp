#pragma once

#include <array>
#include <cstddef>

#include <spillway/kind.hpp>

namespace spillway::liquidation_risk {

/// Both directions of a cascade, in the order of arrays that hold one thing for each. Down: the
/// price falls and longs are liquidated. Up: a short squeeze.
inline constexpr std::array directions = {Direction::down, Direction::up};

constexpr std::size_t index(Direction d) { return d == Direction::up ? 1 : 0; }
constexpr double sign(Direction d) { return d == Direction::up ? 1.0 : -1.0; }
constexpr Side liquidated_side(Direction d) {
    return d == Direction::up ? Side::short_position : Side::long_position;
}

/// One number for each side of the liquidated position, in USD.
struct BySide {
    double longs = 0;
    double shorts = 0;

    double& of(Side side) { return side == Side::long_position ? longs : shorts; }
    double of(Side side) const { return side == Side::long_position ? longs : shorts; }
    double total() const { return longs + shorts; }

    template <class Archive>
    void fields(Archive& io) {
        io(1, longs);
        io(2, shorts);
    }
};

}  // namespace spillway::liquidation_risk
