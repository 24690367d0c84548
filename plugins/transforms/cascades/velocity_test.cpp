#include "velocity.hpp"

#include <random>

#include <gtest/gtest.h>

namespace spillway::cascades {
namespace {

constexpr Time t0 = 1'770'000'000 * second;
constexpr Side L = Side::long_position;
constexpr Side S = Side::short_position;

Liquidation order(Duration at, std::uint16_t venue, Side side, double usd) {
    Liquidation event;
    event.time = t0 + at;
    event.venue = venue;
    event.side = side;
    event.notional = to_micro_usd(usd);
    event.has_notional = true;
    return event;
}

TEST(Velocity, CountsEventsAndUsdPerSecond) {
    Velocity velocity;
    for (int i = 0; i <= 20; ++i) velocity.add(order(i * 100 * millisecond, 0, L, 1000));
    const Rates rates = velocity.rates(0, L);
    EXPECT_DOUBLE_EQ(rates[0].events, 10);  // (1.9 s, 2.0 s] holds one
    EXPECT_DOUBLE_EQ(rates[1].events, 10);
    EXPECT_DOUBLE_EQ(rates[2].events, 10);  // the event at 0 is exactly 2 s old
    EXPECT_DOUBLE_EQ(rates[2].usd, 10'000);
    EXPECT_DOUBLE_EQ(rates[3].events, 2.1);
    EXPECT_DOUBLE_EQ(velocity.rates(0, S)[2].events, 0);
    EXPECT_DOUBLE_EQ(velocity.rates(7, L)[2].events, 0);
}

TEST(Velocity, ChangeComparesWithOneWindowAgo) {
    Velocity velocity;
    velocity.add(order(500 * millisecond, 0, L, 1000));
    for (int i = 1; i <= 3; ++i)
        velocity.add(order(2 * second + i * 500 * millisecond, 0, L, 2000));
    velocity.add(order(4 * second, 0, L, 2000));
    const Rate rate = velocity.rates(0, L)[leading_window];
    EXPECT_DOUBLE_EQ(rate.events, 2);
    EXPECT_DOUBLE_EQ(rate.events_change, (2 - .5) / 2);
    EXPECT_DOUBLE_EQ(rate.usd, 4000);
    EXPECT_DOUBLE_EQ(rate.usd_change, (4000 - 500) / 2.0);
}

TEST(Velocity, LeadingVenueHasTheHighestTwoSecondRate) {
    NameTable names;
    const auto okx = static_cast<std::uint16_t>(names.position_of("okx"));
    const auto binance = static_cast<std::uint16_t>(names.position_of("binance"));
    Velocity velocity;
    EXPECT_EQ(velocity.leading(names), std::nullopt);
    velocity.add(order(0, okx, L, 50e3));
    EXPECT_EQ(velocity.leading(names), okx);
    velocity.add(order(second, binance, S, 50e3));
    EXPECT_EQ(velocity.leading(names), binance) << "a tie goes to the first by name";
    velocity.add(order(second, okx, S, 1));
    EXPECT_EQ(velocity.leading(names), okx) << "both sides count together";
    velocity.add(order(3 * second, binance, S, 1));
    EXPECT_EQ(velocity.leading(names), binance) << "what is two seconds old no longer counts";
}

TEST(Velocity, AgreesWithCountingByHandInAnyOrder) {
    std::mt19937 random(7);
    Velocity velocity;
    std::vector<Liquidation> all;
    Time now = 0;
    for (int i = 0; i < 2000; ++i) {
        now += static_cast<Duration>(random() % 900) * millisecond;
        const Duration lag = static_cast<Duration>(random() % 4 == 0 ? random() % 60'000 : 0);
        all.push_back(order(now - lag * millisecond, static_cast<std::uint16_t>(random() % 2),
                            random() % 2 == 0 ? L : S, static_cast<double>(random() % 1000)));
        velocity.add(all.back());
    }
    for (std::uint16_t venue = 0; venue < 2; ++venue) {
        const Rates rates = velocity.rates(venue, L);
        for (std::size_t i = 0; i < rates.size(); ++i) {
            const Duration width = velocity_windows[i];
            double count = 0;
            double before = 0;
            double usd = 0;
            for (const Liquidation& event : all) {
                if (event.venue != venue || event.side != L) continue;
                const Duration age = velocity.newest() - event.time;
                if (age < width) {
                    ++count;
                    usd += to_usd(event.notional);
                } else if (age < 2 * width) {
                    ++before;
                }
            }
            const double seconds = to_seconds(width);
            EXPECT_DOUBLE_EQ(rates[i].events, count / seconds);
            EXPECT_DOUBLE_EQ(rates[i].usd, usd / seconds);
            EXPECT_NEAR(rates[i].events_change, (count - before) / seconds / seconds, 1e-9);
        }
    }
}

TEST(Velocity, KeepsTenMinutesOnly) {
    VelocitySeries series;
    for (int i = 0; i < 100'000; ++i) {
        series.add(i * second, 1);
        series.drop_before(i * second);
        ASSERT_LE(series.size(), 600U);
    }
    EXPECT_DOUBLE_EQ(series.rates(99'999 * second)[5].events, 1);
}

}  // namespace
}  // namespace spillway::cascades
