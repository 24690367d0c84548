#include "plugin.hpp"

#include <limits>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spillway/fields.hpp>
#include <spillway/testing/driver.hpp>

namespace spillway::cascades {
namespace {

using spillway::testing::Cutting;
using spillway::testing::Script;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Driver = spillway::testing::Driver<Cascades>;

constexpr Time noon = 1'770'292'800 * second;

Event& liquidation(Script& script, Time now, std::string_view venue, double notional,
                   Side side = Side::long_position, std::string_view market = "BTC") {
    Event& event = script.at(now, Kind::liquidation);
    event.venue = venue_id(venue);
    event.market = market_id(market);
    event.instrument = instrument_id(std::string(market) + "/USDT:USDT");
    event.liquidation.price = 60'000;
    event.liquidation.notional = notional;
    event.liquidation.side = side;
    event.set_present(field::liquidation::price);
    event.set_present(field::liquidation::notional);
    event.set_present(field::liquidation::side);
    return event;
}

/// Five long liquidations in five seconds, 150,000 USD together, on two venues.
Script one_cascade() {
    Script script;
    for (int i = 0; i < 5; ++i) {
        liquidation(script, noon + i * second, i % 2 == 0 ? "okx" : "binance", 30'000);
    }
    return script;
}

TEST(CascadeEvents, FollowACascadeFromActivationToItsEnd) {
    Script script = one_cascade();
    liquidation(script, noon + 10 * second, "bybit", 600'000);
    script.wait_until(noon + hour);
    Driver driver;
    ASSERT_TRUE(driver.play(script));

    const Batch& out = driver.out();
    ASSERT_EQ(out.size(), 4U);
    std::vector<CascadeState> states;
    std::vector<Time> times;
    std::vector<std::uint32_t> members;
    for (const Event& event : out.events()) {
        EXPECT_EQ(event.cascade.cascade, out[0].cascade.cascade);
        EXPECT_EQ(text_of(event.market), "BTC");
        states.push_back(event.cascade.state);
        times.push_back(event.event_time - noon);
        members.push_back(out.blob_as<CascadeDetail>(event)->members);
    }
    EXPECT_THAT(states, ElementsAre(CascadeState::active, CascadeState::active,
                                    CascadeState::cooling, CascadeState::closed));
    EXPECT_THAT(times, ElementsAre(4 * second + 1, 10 * second + 1, 70 * second, 310 * second));
    EXPECT_THAT(members, ElementsAre(5U, 1U, 0U, 0U));
    EXPECT_EQ(out[3].cascade.long_count, 6U);
    EXPECT_EQ(out[3].cascade.long_notional, 750'000);
    EXPECT_EQ(driver.books().processed(), 6U);
}

TEST(CascadeEvents, NameVenuesMembersAndRisk) {
    Driver driver;
    ASSERT_TRUE(driver.play(one_cascade()));
    ASSERT_THAT(driver.lines(), SizeIs(1));
    const std::string line = driver.lines()[0];
    EXPECT_THAT(line, HasSubstr(R"("side":"long","state":"active")"));
    EXPECT_THAT(line, HasSubstr(R"("venues":[{"venue":"binance","notional":60000,"count":2},)"
                                R"({"venue":"okx","notional":90000,"count":3}])"));
    EXPECT_THAT(line, HasSubstr(R"("venue":"okx","instrument":"BTC/USDT:USDT","side":"long",)"
                                R"("notional":30000})"));
    // .25 * .15 + .20 + .20 + .15 * 1 + 0 + .05 = .6375, of 1.05 that three venues can reach.
    EXPECT_THAT(line, HasSubstr(R"("risk":0.638,"risk_peak":0.638,"risk_mean":0.638)"));
    EXPECT_NEAR(driver.out().blob_as<CascadeDetail>(driver.out()[0])->risk_percent, 60.76, .01);
}

TEST(CascadeEvents, HaveAnIdOfTheirOwnEach) {
    Script script = one_cascade();
    script.wait_until(noon + hour);
    Driver driver;
    ASSERT_TRUE(driver.play(script));
    ASSERT_EQ(driver.out().size(), 3U);
    EXPECT_NE(driver.out()[0].id, driver.out()[1].id);
    EXPECT_NE(driver.out()[1].id, driver.out()[2].id);
    EXPECT_NE(driver.out()[0].id, driver.out()[0].cascade.cascade);
}

TEST(CascadeEvents, PooledCascadesHaveNoSide) {
    Script script;
    for (int i = 0; i < 5; ++i) {
        liquidation(script, noon + i, "okx", 30'000,
                    i % 2 == 0 ? Side::long_position : Side::short_position);
    }
    Driver apart;
    ASSERT_TRUE(apart.play(script));
    EXPECT_THAT(apart.lines(), IsEmpty());
    Driver pooled{{"pooled", "true"}};
    ASSERT_TRUE(pooled.play(script));
    ASSERT_THAT(pooled.lines(), SizeIs(1));
    EXPECT_FALSE(pooled.out()[0].has(field::cascade::side));
    EXPECT_EQ(pooled.out()[0].cascade.short_count, 2U);
}

TEST(Records, ThatNobodyCanCountAreDeadLetters) {
    Script script = one_cascade();
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const double notional : {nan, -1.0, 2e10, std::numeric_limits<double>::infinity()}) {
        liquidation(script, noon + 5 * second, "okx", notional);
    }
    liquidation(script, noon + 5 * second, "okx", 1).liquidation.price = nan;
    liquidation(script, noon + 5 * second, "okx", 1).set_absent(field::liquidation::side);
    script.wait_until(noon + 20 * second);
    Driver driver;
    ASSERT_TRUE(driver.play(script));
    EXPECT_EQ(driver.books().dead_lettered, 6U);
    ASSERT_THAT(driver.errors(), SizeIs(6));
    EXPECT_THAT(driver.errors()[0], HasSubstr("notional is not within 0 .. 1e10 USD"));
    EXPECT_THAT(driver.lines(), SizeIs(1));
}

TEST(Records, WithoutAMarketAreNotSilentlyLost) {
    Script script;
    liquidation(script, noon, "okx", 1).market = MarketId::none;
    Driver driver;
    ASSERT_TRUE(driver.play(script));
    ASSERT_THAT(driver.errors(), SizeIs(1));
    EXPECT_THAT(driver.errors()[0], HasSubstr("normalise"));
}

TEST(Records, OfUnknownContractSizeCountAsEventsOnly) {
    Script script = one_cascade();
    liquidation(script, noon + 4 * second, "okx", 1e9).set_absent(field::liquidation::notional);
    Driver driver;
    ASSERT_TRUE(driver.play(script));
    ASSERT_EQ(driver.out().size(), 1U);
    EXPECT_EQ(driver.out()[0].cascade.long_count, 6U);
    EXPECT_EQ(driver.out()[0].cascade.long_notional, 150'000);
}

TEST(Records, FarBehindTheNewestGoToTheLateOutput) {
    Script script = one_cascade();
    liquidation(script, noon + 5 * second, "okx", 1e6).event_time = noon - 57 * second;
    Driver driver;
    ASSERT_TRUE(driver.play(script));
    EXPECT_EQ(driver.books().late, 1U);
    EXPECT_THAT(driver.lines(2), SizeIs(1));
    EXPECT_EQ(driver.out()[0].cascade.long_count, 5U);
}

TEST(VelocityOutput, ComesEachSecondWhileACascadeIsOpen) {
    Script script = one_cascade();
    liquidation(script, noon + 7 * second + 1, "okx", 90'000);
    script.wait_until(noon + hour);
    Driver driver;
    ASSERT_TRUE(driver.play(script));
    ASSERT_THAT(driver.lines(1), SizeIs(4));  // two times, two venues
    EXPECT_EQ(driver.out(1)[0].event_time, noon + 5 * second);
    EXPECT_EQ(driver.out(1)[2].event_time, noon + 8 * second);
    EXPECT_THAT(driver.lines(1)[0],
                HasSubstr(R"("venue":"binance","market":"BTC",)"
                          R"("name":"velocity","side":"long","leading":1)"));  // a tie: by name
    EXPECT_THAT(driver.lines(1)[3], HasSubstr(R"("venue":"okx","market":"BTC",)"
                                              R"("name":"velocity","side":"long","leading":1)"));
    EXPECT_THAT(driver.lines(1)[3], HasSubstr(R"("usd_2s":45000)"));
    Driver off{{"velocity_every", "0s"}};
    ASSERT_TRUE(off.play(script));
    EXPECT_THAT(off.lines(1), IsEmpty());
    EXPECT_EQ(off.lines(), driver.lines());
}

TEST(Steps, CannotBeSeenInTheResultsNorCanRestarts) {
    std::mt19937_64 random(7);
    Script script;
    Time now = noon;
    for (int i = 0; i < 400; ++i) {
        if (random() % 3 != 0) now += static_cast<Time>(random() % (20 * second));
        if (random() % 50 == 0) now += 6 * minute;
        constexpr std::array<std::string_view, 3> venues = {"binance", "okx", "bybit"};
        constexpr std::array<std::string_view, 2> markets = {"BTC", "ETH"};
        liquidation(script, now, venues[random() % 3], static_cast<double>(random() % 90'000),
                    random() % 4 == 0 ? Side::short_position : Side::long_position,
                    markets[random() % 2])
            .event_time = now - static_cast<Time>(random() % (70 * second));
    }
    Driver whole;
    ASSERT_TRUE(whole.play(script));
    ASSERT_GT(whole.lines().size(), 50U);
    ASSERT_GT(whole.lines(1).size(), 50U);
    const auto expect_same = [&](const Cutting& cutting) {
        Driver cut;
        ASSERT_TRUE(cut.play(script, cutting));
        for (std::size_t port = 0; port < 3; ++port) {
            EXPECT_TRUE(cut.lines(port) == whole.lines(port)) << cutting.seed << ' ' << port;
        }
    };
    for (std::uint64_t seed = 1; seed <= 10; ++seed) expect_same({.most = 20, .seed = seed});
    expect_same({.most = 1});
    expect_same({.most = 7, .restart = true});
}

TEST(Options, ThatContradictEachOtherAreRefused) {
    EXPECT_TRUE(Driver().started());
    EXPECT_EQ((Driver{{"close_after", "10s"}}).started().subject(), "close_after");
    EXPECT_EQ((Driver{{"min_events", "0"}}).started().subject(), "min_events");
}

}  // namespace
}  // namespace spillway::cascades
