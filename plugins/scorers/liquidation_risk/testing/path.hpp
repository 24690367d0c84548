#pragma once

#include <cmath>
#include <cstdint>

#include <spillway/time.hpp>

/// A made-up market: calm for two days, then it falls .3 % a minute for eight minutes while open
/// interest shrinks and longs are liquidated. 2,900 closes, one a minute from 2026-01-01 00:01 UTC.
namespace spillway::liquidation_risk::testing {

inline constexpr int path_length = 2900;
inline constexpr Time path_start = 1'767'225'600'000'000'000;  // 2026-01-01 00:00 UTC

struct PathPoint {
    Time time;
    double price, open_interest, funding, long_short, basis, pressure, longs, shorts;
};

inline double noise(int i, std::int64_t a, std::int64_t m) {
    return static_cast<double>((i * a) % m) / static_cast<double>(m) - 0.5;
}

inline PathPoint path(int i) {
    const double k = i < 2879 ? 0 : (i > 2887 ? 8 : i - 2879);
    PathPoint p{};
    p.time = path_start + (i + 1) * minute;
    p.price = 50000 * (1 + 0.001 * noise(i, 7919, 2003)) * std::exp(-0.003 * k);
    p.open_interest = 80000 * (1 + 0.002 * noise(i, 104729, 5003)) * std::exp(-0.002 * k);
    p.funding = 0.0001 + 0.0001 * noise(i / 480, 37, 11);
    p.long_short = 1.5 + 0.4 * noise(i / 5, 613, 997);
    p.longs = ((31 * i) % 7 != 0 ? 0 : 20000 + 40000 * (noise(i, 271, 503) + 0.5)) + 500000 * k;
    p.shorts = (17 * i) % 5 != 0 ? 0 : 15000;
    p.basis = 0.0004 + 0.0003 * noise(i / 60, 29, 101);
    p.pressure = 100 * noise(i / 240, 13, 31);
    return p;
}

}  // namespace spillway::liquidation_risk::testing
