#include "plugin.hpp"

#include <random>

#include <gtest/gtest.h>

#include <spillway/testing/driver.hpp>

namespace spillway::my_plugin {
namespace {

using spillway::testing::Script;
using Driver = spillway::testing::Driver<MyPlugin>;

constexpr Time start = 1'770'292'801 * second;  // 2026-02-05 12:00:01, between two closes

void liquidation(Script& script, Time now, Side side, double notional) {
    Event& event = script.at(now, Kind::liquidation);
    event.market = market_id("BTC");
    event.liquidation.side = side;
    event.liquidation.notional = notional;
    event.set_present(field::liquidation::side);
    event.set_present(field::liquidation::notional);
}

void funding(Script& script, Time now, double rate) {
    Event& event = script.at(now, Kind::funding_rate);
    event.market = market_id("BTC");
    event.funding_rate.rate = rate;
    event.set_present(field::funding_rate::rate);
}

/// The newest score of a direction that is not the headline; null if there is none.
const Event* newest(const Driver& driver, Direction direction) {
    const Event* found = nullptr;
    for (const Event& event : driver.out().events()) {
        if (event.score.direction == direction && !event.score.headline) found = &event;
    }
    return found;
}

TEST(Score, IsUnknownAndNotZeroWhileItWarmsUp) {
    Script script;
    liquidation(script, start, Side::long_position, 5e6);
    Driver driver;
    ASSERT_TRUE(driver.play(script));
    const Event* down = newest(driver, Direction::down);
    ASSERT_NE(down, nullptr);
    EXPECT_FALSE(down->has(field::score::value));
    EXPECT_EQ(down->score.low, 0);
    EXPECT_EQ(down->score.high, 100);
    EXPECT_EQ(down->score.coverage, 0);
}

TEST(Score, CountsLiquidationsOfTheSideAndHalvesThem) {
    Script script;
    liquidation(script, start, Side::short_position, 100);
    funding(script, start, 0);
    liquidation(script, start + 10 * minute, Side::long_position, 5e6);
    Driver driver;
    ASSERT_TRUE(driver.play(script));
    EXPECT_DOUBLE_EQ(newest(driver, Direction::down)->score.value, 35);
    EXPECT_NEAR(newest(driver, Direction::up)->score.value, 0, .001);
    Script later;
    later.wait_until(start + 20 * minute + second);
    ASSERT_TRUE(driver.play(later));
    EXPECT_NEAR(newest(driver, Direction::down)->score.value, 17.5, .001);
}

TEST(Score, OfCrowdedLongsWarnsOfAFall) {
    Script script;
    funding(script, start, 0);
    funding(script, start + 10 * minute, .0005);
    Driver driver;
    ASSERT_TRUE(driver.play(script));
    EXPECT_DOUBLE_EQ(newest(driver, Direction::down)->score.value, 15);
    EXPECT_DOUBLE_EQ(newest(driver, Direction::up)->score.value, 0);
}

TEST(Score, WithoutAFreshFundingRateSaysWhatItMightBe) {
    Script script;
    liquidation(script, start, Side::long_position, 100);
    liquidation(script, start + 10 * minute, Side::long_position, 5e6);
    Driver driver;
    ASSERT_TRUE(driver.play(script));
    const ScorePayload score = newest(driver, Direction::down)->score;
    EXPECT_NEAR(score.value, 35, .01);
    EXPECT_EQ(score.low, score.value);
    EXPECT_EQ(score.high, score.value + 30);
    EXPECT_DOUBLE_EQ(score.coverage, .7);
}

TEST(Score, ForgetsAnOldFundingRateByItself) {
    Script script;
    funding(script, start, .0005);
    script.wait_until(start + 9 * hour + second);
    Driver driver;
    ASSERT_TRUE(driver.play(script));
    EXPECT_EQ(newest(driver, Direction::down)->score.high, 30);
    EXPECT_DOUBLE_EQ(newest(driver, Direction::down)->score.coverage, .7);
}

TEST(Records, ThatNobodyCanCountAreDeadLetters) {
    Script script;
    liquidation(script, start, Side::long_position, -1);
    script.at(start, Kind::funding_rate).market = market_id("BTC");
    Driver driver;
    ASSERT_TRUE(driver.play(script));
    EXPECT_EQ(driver.books().dead_lettered, 2U);
}

// What every scorer must hold: it cannot be seen how the input was cut into steps, nor that the
// program was restarted in between.
TEST(Steps, CannotBeSeenInTheResultsNorCanRestarts) {
    std::mt19937_64 random(1);
    Script script;
    for (int i = 0; i < 200; ++i) {
        const Time now = start + i * 17 * second;
        if (i % 10 == 0) funding(script, now, static_cast<double>(random() % 20) * 1e-4 - .001);
        liquidation(script, now, random() % 2 == 0 ? Side::long_position : Side::short_position,
                    static_cast<double>(random() % 2'000'000));
    }
    script.wait_until(start + 3 * hour);
    Driver whole;
    ASSERT_TRUE(whole.play(script));
    ASSERT_GT(whole.lines().size(), 100U);
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        Driver cut;
        ASSERT_TRUE(cut.play(script, {.most = 20, .seed = seed}));
        EXPECT_EQ(cut.lines(), whole.lines()) << seed;
    }
    Driver restarted;
    ASSERT_TRUE(restarted.play(script, {.most = 7, .restart = true}));
    EXPECT_EQ(restarted.lines(), whole.lines());
}

}  // namespace
}  // namespace spillway::my_plugin
