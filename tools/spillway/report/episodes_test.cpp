#include "report/episodes.hpp"

#include <array>

#include <gtest/gtest.h>

namespace spillway::report {
namespace {

void feed(EpisodeTracker& tracker, Time at_minute, double value,
          Direction direction = Direction::down) {
    const std::array<ContributionView, 2> parts{{{"ignition", value}, {"long_short", {}}}};
    tracker.observe(at_minute * minute, value, direction, parts);
}

TEST(Episodes, RunsFromTheThresholdUntilHalfAnHourBelow) {
    EpisodeTracker tracker;
    feed(tracker, 0, 10);
    feed(tracker, 5, 50);
    feed(tracker, 10, 80);
    feed(tracker, 15, 40);
    feed(tracker, 40, 55);  // only 25 min below: still the same episode
    feed(tracker, 45, 20);
    feed(tracker, 75, 20);
    const auto episodes = tracker.highest(75 * minute);
    ASSERT_EQ(episodes.size(), 1u);
    EXPECT_EQ(episodes[0].start, 5 * minute);
    EXPECT_EQ(episodes[0].peak_time, 10 * minute);
    EXPECT_EQ(episodes[0].peak, 80.0);
    EXPECT_EQ(episodes[0].end, 45 * minute);
    EXPECT_FALSE(episodes[0].open);
    EXPECT_EQ(episodes[0].contributions,
              (std::vector<Contribution>{{"ignition", 80.0}, {"long_short", std::nullopt}}));
}

TEST(Episodes, ANewPeakAfterHalfAnHourBelowIsANewEpisode) {
    EpisodeTracker tracker;
    feed(tracker, 0, 60);
    feed(tracker, 5, 30);
    feed(tracker, 35, 70, Direction::up);
    const auto episodes = tracker.highest(40 * minute);
    ASSERT_EQ(episodes.size(), 2u);
    EXPECT_EQ(episodes[0].peak, 70.0);
    EXPECT_EQ(episodes[0].direction, Direction::up);
    EXPECT_TRUE(episodes[0].open);
    EXPECT_EQ(episodes[0].end, 40 * minute);
    EXPECT_EQ(episodes[1].end, 5 * minute);
    EXPECT_EQ(tracker.count(), 2u);
}

TEST(Episodes, KeepsTheThreeHighestWithEqualPeaksByTime) {
    EpisodeTracker tracker;
    Time at = 0;
    for (const double peak : {60.0, 90.0, 55.0, 90.0, 70.0}) {
        feed(tracker, at, peak);
        feed(tracker, at + 5, 10);
        at += 60;
    }
    const auto episodes = tracker.highest(at * minute);
    ASSERT_EQ(episodes.size(), 3u);
    EXPECT_EQ(episodes[0].start, 60 * minute);
    EXPECT_EQ(episodes[1].start, 180 * minute);
    EXPECT_EQ(episodes[2].peak, 70.0);
    EXPECT_EQ(tracker.count(), 5u);
}

std::vector<Sample> falling_then_flat() {
    std::vector<Sample> prices;
    for (Time m = 0; m <= 240; m += 5) {
        prices.push_back({m * minute, m <= 100 ? 100.0 - 0.05 * static_cast<double>(m) : 97.0});
    }
    return prices;
}

TEST(PriceOutcome, TellsThePriceAfterFifteenMinutesAnHourAndFour) {
    const auto prices = falling_then_flat();
    const auto outcome = price_after(prices, 0, Direction::down);
    ASSERT_TRUE(outcome);
    EXPECT_DOUBLE_EQ(outcome->at_peak, 100.0);
    EXPECT_DOUBLE_EQ(outcome->after_15m.value(), 99.25);
    EXPECT_DOUBLE_EQ(outcome->after_60m.value(), 97.0);
    EXPECT_DOUBLE_EQ(outcome->after_4h.value(), 97.0);
    EXPECT_NEAR(outcome->worst, -0.05, 1e-12);
    EXPECT_EQ(outcome->worst_time, 100 * minute);
    EXPECT_TRUE(outcome->complete);
    EXPECT_EQ(price_after(prices, 0, Direction::up)->worst, 0.0);
}

TEST(PriceOutcome, IsIncompleteWhenTheRunEndsEarlyAndAbsentWithoutAPrice) {
    const auto prices = falling_then_flat();
    const auto outcome = price_after(prices, 200 * minute, Direction::down);
    ASSERT_TRUE(outcome);
    EXPECT_TRUE(outcome->after_15m);
    EXPECT_FALSE(outcome->after_60m);
    EXPECT_FALSE(outcome->complete);
    EXPECT_FALSE(price_after(prices, -minute, Direction::down));
    EXPECT_FALSE(price_after({}, 0, Direction::down));
}

TEST(Episodes, SettledOutcomesSurviveASeriesThatForgets) {
    EpisodeTracker tracker;
    feed(tracker, 0, 60);
    feed(tracker, 5, 10);
    feed(tracker, 60, 10);
    tracker.settle(falling_then_flat());
    tracker.settle({});
    ASSERT_TRUE(tracker.highest(hour)[0].outcome);
    EXPECT_TRUE(tracker.highest(hour)[0].outcome->complete);
}

}  // namespace
}  // namespace spillway::report
