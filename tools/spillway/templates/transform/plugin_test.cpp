#include "plugin.hpp"

#include <limits>
#include <random>

#include <gtest/gtest.h>

#include <spillway/testing/driver.hpp>

namespace spillway::my_plugin {
namespace {

using spillway::testing::Script;
using Driver = spillway::testing::Driver<MyPlugin>;

constexpr Time noon = 1'770'292'800 * second;  // 2026-02-05 12:00

/// A price that enters at `now`; its event time is the same unless the test changes it.
Event& price(Script& script, Time now, double last, std::string_view market = "BTC") {
    Event& event = script.at(now, Kind::price);
    event.market = market_id(market);
    event.price.last = last;
    event.set_present(field::price::last);
    return event;
}

TEST(Bars, HoldTheFirstHighestLowestAndLastPrice) {
    Script script;
    price(script, noon, 100);
    price(script, noon + 10 * second, 130);
    price(script, noon + 20 * second, 90);
    price(script, noon + 59 * second, 110);
    price(script, noon + 60 * second, 500);  // of the next bar, which stays open
    script.watermark(noon + minute);
    Driver driver;
    ASSERT_TRUE(driver.play(script));
    ASSERT_EQ(driver.out().size(), 1U);
    const Event& bar = driver.out()[0];
    EXPECT_EQ(bar.event_time, noon + minute);
    EXPECT_EQ(text_of(bar.market), "BTC");
    EXPECT_EQ(bar.bar.open, 100);
    EXPECT_EQ(bar.bar.high, 130);
    EXPECT_EQ(bar.bar.low, 90);
    EXPECT_EQ(bar.bar.close, 110);
    EXPECT_FALSE(bar.has(field::bar::volume_usd));
}

TEST(Bars, OfDifferentMarketsAreApart) {
    Script script;
    price(script, noon, 100, "BTC");
    price(script, noon, 5, "ETH");
    script.watermark(time_never);
    Driver driver;
    ASSERT_TRUE(driver.play(script));
    ASSERT_EQ(driver.out().size(), 2U);
    EXPECT_EQ(driver.out()[0].bar.close, 100);
    EXPECT_EQ(driver.out()[1].bar.close, 5);
}

TEST(Prices, AfterTheirBarWasWrittenAreLate) {
    Script script;
    price(script, noon, 100);
    script.watermark(noon + minute);
    price(script, noon + 70 * second, 1).event_time = noon + second;
    Driver driver;
    ASSERT_TRUE(driver.play(script));
    EXPECT_EQ(driver.out().size(), 1U);
    EXPECT_EQ(driver.books().late, 1U);
    EXPECT_EQ(driver.out(1).size(), 1U);  // the output `late`
}

TEST(Prices, ThatNobodyCanUseAreDeadLetters) {
    Script script;
    price(script, noon, -1);
    price(script, noon, std::numeric_limits<double>::quiet_NaN());
    script.watermark(time_never);
    Driver driver;
    ASSERT_TRUE(driver.play(script));
    EXPECT_EQ(driver.books().dead_lettered, 2U);
    EXPECT_TRUE(driver.lines().empty());
}

TEST(Options, ChooseLengthAndPrice) {
    Script script;
    Event& event = price(script, noon, 100);
    event.price.mark = 101;
    event.set_present(field::price::mark);
    price(script, noon + second, 99);  // has no mark price
    script.watermark(time_never);
    Driver driver{{"every", "1h"}, {"of", "mark"}};
    ASSERT_TRUE(driver.play(script));
    ASSERT_EQ(driver.out().size(), 1U);
    EXPECT_EQ(driver.out()[0].bar.close, 101);
    EXPECT_EQ(driver.out()[0].event_time, noon + hour);
    EXPECT_EQ(driver.books().filtered, 1U);
    EXPECT_EQ(Driver({{"every", "1ms"}}).started().subject(), "every");
}

// What every transform must hold: it cannot be seen how the input was cut into steps, nor that the
// program was restarted in between.
TEST(Steps, CannotBeSeenInTheResultsNorCanRestarts) {
    std::mt19937_64 random(1);
    Script script;
    for (int i = 0; i < 300; ++i) {
        const Time now = noon + i * 5 * second;
        price(script, now, 100 + static_cast<double>(random() % 50), i % 3 == 0 ? "BTC" : "ETH")
            .event_time -= static_cast<Time>(random() % 10) * second;
        if (i % 4 == 0) script.watermark(now - 8 * second);
    }
    Driver whole;
    ASSERT_TRUE(whole.play(script));
    ASSERT_GT(whole.lines().size(), 40U);
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
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
