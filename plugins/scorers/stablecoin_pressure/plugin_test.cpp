#include "plugin.hpp"

#include <limits>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spillway/fields.hpp>
#include <spillway/testing/conformance/combine.hpp>
#include <spillway/testing/driver.hpp>

namespace spillway::stablecoin_pressure {
namespace {

using spillway::testing::Script;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using Driver = spillway::testing::Driver<StablecoinPressure>;

constexpr Time noon = 1'770'292'800 * second;

Event& flow(Script& script, Time now, FlowType type, double amount, Duration interval = 0) {
    Event& event = script.at(now, Kind::stablecoin_flow);
    event.market = market_wide();
    event.venue = venue_id("tron");
    event.stablecoin_flow.amount = amount;
    event.stablecoin_flow.flow = type;
    event.stablecoin_flow.token = name_id("USDT");
    event.set_present(field::stablecoin_flow::amount);
    event.set_present(field::stablecoin_flow::flow);
    event.set_present(field::stablecoin_flow::token);
    if (interval > 0) {
        event.stablecoin_flow.interval = interval;
        event.set_present(field::stablecoin_flow::interval);
    }
    return event;
}

void status(Script& script, Time now, FeedState state) {
    Event& event = script.at(now, Kind::source_status);
    event.venue = venue_id("tron");
    event.source_status.state = state;
    event.set_present(field::source_status::state);
}

const ScorePayload& newest(const Driver& driver) {
    return driver.out()[driver.out().size() - 1].score;
}

TEST(StablecoinPressure, TheScoreNeverFallsWhenAComponentGrows) {
    StablecoinPressure scorer;
    for (const Profile profile : {Profile::monotone, Profile::classic}) {
        scorer.options.profile = profile;
        ASSERT_TRUE(scorer.check().ok());
        spillway::testing::Findings findings;
        check_combine(scorer, {}, 0, findings);
        for (const auto& finding : findings.items()) {
            ADD_FAILURE() << finding.expected << ": " << finding.happened << ", " << finding.place;
        }
    }
}

TEST(Score, IsMarketWideWithoutDirectionAndNamesItsComponents) {
    Script script;
    flow(script, noon, FlowType::exchange_inflow, 61e6);
    flow(script, noon, FlowType::mint, 20e6);
    Driver driver;
    ASSERT_TRUE(driver.play(script));
    ASSERT_THAT(driver.lines(), SizeIs(1));
    const std::string line = driver.lines()[0];
    EXPECT_THAT(line, HasSubstr(R"("market":"*","name":"pressure","direction":"none",)"
                                R"("headline":true,"value":-28.5,"low":-28.5,"high":-28.5,)"
                                R"("coverage":1,"profile":"monotone")"));
    EXPECT_THAT(line, HasSubstr(R"({"component":"exchange_flow","points":-30.5,"cap":50,)"
                                R"("raw":-6.1e+07})"));
    EXPECT_THAT(line, HasSubstr(R"({"component":"large_transfers","points":0,"cap":0,"raw":2})"));
    EXPECT_FALSE(driver.out()[0].flags & flag_trial);
}

TEST(Score, OfOneComponentIsFiftyWiderOnBothSides) {
    Script script;
    flow(script, noon, FlowType::exchange_inflow, 61e6);
    Driver driver;
    ASSERT_TRUE(driver.play(script));
    ASSERT_EQ(driver.out().size(), 1U);
    EXPECT_EQ(newest(driver).value, -30.5);
    EXPECT_EQ(newest(driver).low, -80.5);
    EXPECT_EQ(newest(driver).high, 19.5);
    EXPECT_EQ(newest(driver).coverage, .5);
    EXPECT_THAT(driver.lines()[0], HasSubstr(R"({"component":"mint_burn","cap":50,"missing":true,)"
                                             R"("reason":"no_fresh_source"})"));
}

TEST(Score, OfProfileClassicIsAWholeNumber) {
    Script script;
    flow(script, noon, FlowType::exchange_inflow, 61e6);
    Driver driver{{"profile", "classic"}};
    ASSERT_TRUE(driver.play(script));
    EXPECT_EQ(newest(driver).value, -30);
    Driver turned{{"profile", "classic"}, {"sign", "inflow_positive"}};
    ASSERT_TRUE(turned.play(script));
    EXPECT_EQ(newest(turned).value, 30);
}

TEST(Score, IsUnknownBeforeAndAfterAndNeverZero) {
    Script script;
    status(script, noon, FeedState::connected);
    flow(script, noon + second, FlowType::exchange_outflow, 20e6);
    status(script, noon + minute, FeedState::disconnected);
    Driver driver;
    ASSERT_TRUE(driver.play(script));
    ASSERT_EQ(driver.out().size(), 3U);
    for (const std::uint32_t i : {0U, 2U}) {
        EXPECT_FALSE(driver.out()[i].has(field::score::value));
        EXPECT_EQ(driver.out()[i].score.low, -100);
        EXPECT_EQ(driver.out()[i].score.high, 100);
        EXPECT_EQ(driver.out()[i].score.coverage, 0);
    }
    EXPECT_EQ(driver.out()[1].score.value, 10);
}

TEST(Score, ForgetsATransferAfterFourHoursByItself) {
    Script script;
    status(script, noon, FeedState::connected);
    flow(script, noon, FlowType::exchange_outflow, 20e6);
    script.wait_until(noon + 4 * hour + second);
    Driver driver;
    ASSERT_TRUE(driver.play(script));
    EXPECT_EQ(newest(driver).value, 0);
    ASSERT_EQ(driver.out().size(), 241U);  // the first, and a heartbeat a minute
    EXPECT_EQ(driver.out()[240].event_time, noon + 4 * hour);
    EXPECT_EQ(driver.out()[239].score.value, 10);
}

TEST(Emission, IsOnceASecondAtMost) {
    Script script;
    for (int i = 0; i < 10; ++i) {
        flow(script, noon + 100 * millisecond * i, FlowType::exchange_outflow, 2e6);
    }
    script.wait_until(noon + 2 * second);
    Driver driver{{"bands", ""}};
    ASSERT_TRUE(driver.play(script));
    ASSERT_EQ(driver.out().size(), 2U);
    EXPECT_EQ(driver.out()[0].event_time, noon + 1);
    EXPECT_EQ(driver.out()[1].event_time, noon + second);
    EXPECT_EQ(newest(driver).value, 10);
}

TEST(Records, ThatNobodyCanCountAreDeadLetters) {
    Script script;
    flow(script, noon, FlowType::mint, 10e6);
    flow(script, noon, FlowType::mint, -1);
    flow(script, noon, FlowType::mint, std::numeric_limits<double>::quiet_NaN());
    flow(script, noon, FlowType::mint, 1e18);
    flow(script, noon, FlowType::mint, 1).set_absent(field::stablecoin_flow::flow);
    Driver driver;
    ASSERT_TRUE(driver.play(script));
    EXPECT_EQ(driver.books().dead_lettered, 4U);
    EXPECT_EQ(newest(driver).value, 1);
}

TEST(Steps, CannotBeSeenInTheResultsNorCanRestarts) {
    std::mt19937_64 random(3);
    Script script;
    Time now = noon;
    for (int i = 0; i < 200; ++i) {
        if (random() % 3 != 0) now += static_cast<Time>(random() % (5 * minute));
        if (i % 20 == 0) {
            status(script, now, i % 40 == 0 ? FeedState::connected : FeedState::disconnected);
        }
        flow(script, now, static_cast<FlowType>(random() % 7),
             static_cast<double>(random() % 50'000'000), random() % 2 == 0 ? hour : 0);
    }
    Driver whole;
    ASSERT_TRUE(whole.play(script));
    ASSERT_GT(whole.lines().size(), 100U);
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        Driver cut;
        ASSERT_TRUE(cut.play(script, {.most = 20, .seed = seed}));
        EXPECT_TRUE(cut.lines() == whole.lines()) << seed;
    }
    Driver restarted;
    ASSERT_TRUE(restarted.play(script, {.most = 7, .restart = true}));
    EXPECT_TRUE(restarted.lines() == whole.lines());
}

}  // namespace
}  // namespace spillway::stablecoin_pressure
