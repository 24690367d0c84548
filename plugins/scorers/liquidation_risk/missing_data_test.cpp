// What is not known never looks safe.

#include <gtest/gtest.h>

#include "testing/scores.hpp"

namespace spillway::liquidation_risk {
namespace {

using namespace testing;

TEST(MissingData, WarmingUpIsNotSafe) {
    Scorers driver(every_change);
    ASSERT_TRUE(driver.play(closes(0, 1457)));
    const Scores scores{driver.out()};
    const Event* before = scores.find("risk", Direction::down, path(1454).time + 1);
    ASSERT_NE(before, nullptr);
    EXPECT_FALSE(before->has(field::score::value));
    EXPECT_EQ(before->score.low, 0);
    EXPECT_EQ(before->score.high, 100);
    EXPECT_EQ(before->score.coverage, 0);
    EXPECT_TRUE(before->score.warming_up);
    const Contribution* reason = scores.part(*before, "not_ready");
    ASSERT_NE(reason, nullptr);
    EXPECT_EQ(text_of(reason->reason), "warming_up");
    const Event* first = scores.find("risk", Direction::down, path(1455).time + 1);
    EXPECT_TRUE(first->has(field::score::value));
    EXPECT_GT(first->receive_time, before->receive_time);
}

TEST(MissingData, PriceAloneWidensHigh) {
    Scorers driver(every_change);
    Script script;
    for (int i = 0; i < 2884; ++i) add_price(script, path(i).time, path(i).price);
    ASSERT_TRUE(driver.play(script));
    const Scores scores{driver.out()};
    const Time close = path(2883).time + 1;
    const Event* ignition = scores.find("ignition", Direction::down, close);
    EXPECT_NEAR(ignition->score.value, 60.008742, 1e-6);
    EXPECT_NEAR(ignition->score.high, 88.772834, 1e-6);
    EXPECT_NEAR(ignition->score.coverage, 0.6, 1e-12);
    const Event* fragility = scores.find("fragility", Direction::down, close);
    EXPECT_NEAR(fragility->score.value, 17.869059, 1e-6);
    EXPECT_NEAR(fragility->score.high, 37.869059, 1e-6);
    EXPECT_NEAR(fragility->score.coverage, 0.8, 1e-12);
    const Contribution* funding = scores.part(*fragility, "funding");
    EXPECT_TRUE(funding->missing);
    EXPECT_EQ(text_of(funding->reason), "no_fresh_input");
}

TEST(MissingData, StaleInputsAreSaidOnceAndThenTheMarketIsSilent) {
    Scorers driver(every_change);
    Script script = closes(0, 1500);
    const Time last = path(1499).time;
    script.wait_until(last + 12 * hour);
    ASSERT_TRUE(driver.play(script));
    const Scores scores{driver.out()};
    const Event* ignition = scores.find("ignition", Direction::down);
    EXPECT_EQ(ignition->receive_time, last + 3 * minute + 1);
    EXPECT_FALSE(ignition->has(field::score::value));
    EXPECT_EQ(text_of(scores.part(*ignition, "not_ready")->reason), "price_missing");
    // Risk goes on with the funding rate, and says how much it does not know.
    const Event* risk = scores.find("risk", Direction::down, last + 5 * minute);
    EXPECT_NEAR(risk->score.coverage, 0.3, 1e-12);
    EXPECT_EQ(risk->score.high, 100);
}

TEST(MissingData, PressureReachesMarketsThatAppearLater) {
    Scorers driver({{"min_change", "0"}, {"pressure_interval", "2d"}});
    Script script;
    add_price(script, path(0).time, path(0).price);
    add_pressure(script, path(0).time + second, -60);
    for (int i = 1; i < 1470; ++i) add_price(script, path(i).time, path(i).price, 0, "ETH");
    ASSERT_TRUE(driver.play(script));
    const Scores scores{driver.out()};
    const Event* fragility = scores.find("fragility", Direction::down);
    EXPECT_EQ(text_of(fragility->market), "ETH");
    EXPECT_EQ(scores.part(*fragility, "pressure")->raw, -60);
    EXPECT_NEAR(scores.part(*fragility, "pressure")->points, 2, 1e-12);
}

TEST(MissingData, DisconnectedLiquidationsAreMissingNotZero) {
    Scorers driver({{"profile", "monotone"}, {"min_change", "0"}});
    Script script;
    const Time start = path(0).time;
    add_funding(script, start, 0.0003);
    add_status(script, start + second, FeedState::connected);
    add_status(script, start + 10 * second, FeedState::disconnected);
    add_status(script, start + 20 * second, FeedState::resumed);
    script.wait_until(start + 30 * second);
    ASSERT_TRUE(driver.play(script));
    const Scores scores{driver.out()};
    const auto liquidations = [&](Time time) {
        const Event* risk = scores.find("risk", Direction::down, time);
        return scores.part(*risk, "liquidations")->missing;
    };
    EXPECT_TRUE(liquidations(start + 1));
    EXPECT_FALSE(liquidations(start + 9 * second));
    EXPECT_TRUE(liquidations(start + 19 * second));
    EXPECT_FALSE(liquidations(start + 29 * second));
}

TEST(MissingData, AVenueThatIsOutWidensTheBandWhileOthersSpeak) {
    Scorers driver({{"profile", "monotone"}, {"min_change", "0"}});
    Script script;
    const Time start = path(0).time;
    add_funding(script, start, 0.0003);
    add_order(script, start, Side::long_position, 100e6, "a");
    add_status(script, start + 10 * second, FeedState::disconnected, "b");
    add_status(script, start + 20 * second, FeedState::connected, "b");
    script.wait_until(start + 30 * second);
    ASSERT_TRUE(driver.play(script));
    const Scores scores{driver.out()};
    const Event* whole = scores.find("risk", Direction::up, start + 9 * second);
    const Event* part = scores.find("risk", Direction::up, start + 19 * second);
    const Event* again = scores.find("risk", Direction::up, start + 29 * second);
    for (const Event* event : {whole, part, again}) ASSERT_NE(event, nullptr);
    // Those of `a` are longs: upwards nothing is known that adds points.
    const double unseen = scores.part(*part, "liquidations")->cap;
    EXPECT_EQ(unseen, 20);
    EXPECT_EQ(part->score.value, whole->score.value);
    EXPECT_NEAR(part->score.high, whole->score.high + unseen, 1e-9);
    EXPECT_NEAR(part->score.coverage, whole->score.coverage - 0.2, 1e-12);
    EXPECT_FALSE(scores.part(*part, "liquidations")->missing);
    EXPECT_TRUE(scores.part(*part, "liquidations")->partial());
    EXPECT_EQ(text_of(scores.part(*part, "liquidations")->reason), "a_venue_is_out");
    EXPECT_EQ(again->score.high, whole->score.high);
    EXPECT_EQ(again->score.coverage, whole->score.coverage);
}

}  // namespace
}  // namespace spillway::liquidation_risk
