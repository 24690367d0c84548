#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spillway/testing/driver.hpp>

#include "plugin.hpp"

namespace spillway::window {
namespace {

using ::testing::HasSubstr;
using Driver = testing::Driver<Window>;

constexpr Time noon = 1'770'292'800 * second;

void liquidation(Driver& window, Time time, std::string_view instrument, Side side,
                 double notional) {
    Event& event = window.add(Kind::liquidation, time);
    event.instrument = instrument_id(instrument);
    event.market = market_id(instrument.substr(0, instrument.find('/')));
    event.liquidation.side = side;
    event.liquidation.notional = notional;
    event.set_present(field::liquidation::side);
    event.set_present(field::liquidation::notional);
}

Options by_instrument_and_side() {
    return {.every = minute,
            .length = 0,
            .lateness = 0,
            .by = {"instrument", "side"},
            .compute = {"count", "sum(notional)"}};
}

TEST(Tumbling, OneRowAGroupAndMinuteAtTheWindowsEnd) {
    Driver window(by_instrument_and_side());
    ASSERT_TRUE(window.started());
    liquidation(window, noon, "BTC/USDT:USDT", Side::short_position, 100);
    liquidation(window, noon + 1, "BTC/USDT:USDT", Side::long_position, 20);
    liquidation(window, noon + minute - 1, "BTC/USDT:USDT", Side::long_position, 3);
    liquidation(window, noon + minute, "BTC/USDT:USDT", Side::long_position, 5);
    window.watermark(noon + minute - 1);
    ASSERT_TRUE(window.step());
    EXPECT_EQ(window.out().size(), 0U);
    window.watermark(noon + minute);
    ASSERT_TRUE(window.step());
    ASSERT_EQ(window.out().size(), 2U);
    EXPECT_EQ(window.out()[0].event_time, noon + minute);
    EXPECT_EQ(window.text(0, "side"), "long");
    EXPECT_EQ(window.number(0, "count"), 2);
    EXPECT_EQ(window.number(0, "sum_notional"), 23);
    EXPECT_EQ(window.text(1, "side"), "short");
    EXPECT_THAT(window.lines()[1],
                HasSubstr(R"("instrument":"BTC/USDT:USDT","market":"BTC","name":"window",)"
                          R"("side":"short","count":1,"sum_notional":100})"));
    window.watermark(time_never);
    ASSERT_TRUE(window.step());
    ASSERT_EQ(window.out().size(), 3U);
    EXPECT_EQ(window.out()[2].event_time, noon + 2 * minute);
}

TEST(Tumbling, AMinuteWithoutEventsGivesNoRow) {
    Driver window(by_instrument_and_side());
    ASSERT_TRUE(window.started());
    liquidation(window, noon, "BTC", Side::long_position, 1);
    liquidation(window, noon + hour, "BTC", Side::long_position, 2);
    window.watermark(time_never);
    ASSERT_TRUE(window.step());
    ASSERT_EQ(window.out().size(), 2U);
    EXPECT_EQ(window.out()[1].event_time, noon + hour + minute);
}

TEST(Lateness, EventsBehindAClosedWindowAreCountedAndKept) {
    Driver window(by_instrument_and_side());
    ASSERT_TRUE(window.started());
    liquidation(window, noon + minute, "BTC", Side::long_position, 1);
    window.watermark(noon + minute);
    liquidation(window, noon + minute - 1, "BTC", Side::long_position, 2);
    window.watermark(time_never);
    ASSERT_TRUE(window.step());
    EXPECT_EQ(window.books().late, 1U);
    EXPECT_EQ(window.late().size(), 1U);
    EXPECT_EQ(window.out().size(), 1U);
}

TEST(Lateness, AWindowWaitsAsLongAsAllowed) {
    Options options = by_instrument_and_side();
    options.lateness = 10 * second;
    Driver window(options);
    ASSERT_TRUE(window.started());
    liquidation(window, noon + minute, "BTC", Side::long_position, 1);
    window.watermark(noon + minute + 9 * second);
    liquidation(window, noon + minute - 1, "BTC", Side::long_position, 2);
    window.watermark(noon + minute + 10 * second);
    ASSERT_TRUE(window.step());
    EXPECT_EQ(window.books().late, 0U);
    ASSERT_EQ(window.out().size(), 1U);
    EXPECT_EQ(window.number(0, "sum_notional"), 2);
}

TEST(Sliding, AnEventIsInEveryWindowThatHoldsIt) {
    Options options = by_instrument_and_side();
    options.length = 3 * minute;
    Driver window(options);
    ASSERT_TRUE(window.started());
    liquidation(window, noon + 30 * second, "BTC", Side::long_position, 1);
    liquidation(window, noon + 90 * second, "BTC", Side::long_position, 10);
    window.watermark(time_never);
    ASSERT_TRUE(window.step());
    std::vector<double> sums;
    for (std::uint32_t i = 0; i < window.out().size(); ++i) {
        EXPECT_EQ(window.out()[i].event_time, noon + (i + 1) * minute);
        sums.push_back(window.number(i, "sum_notional"));
    }
    EXPECT_EQ(sums, (std::vector<double>{1, 11, 11, 10}));
}

TEST(Sliding, AnEventBehindSomeWindowsStillCountsInTheOthers) {
    Options options = by_instrument_and_side();
    options.length = 2 * minute;
    Driver window(options);
    ASSERT_TRUE(window.started());
    liquidation(window, noon + 90 * second, "BTC", Side::long_position, 1);
    window.watermark(noon + minute);
    liquidation(window, noon + 30 * second, "BTC", Side::long_position, 10);
    window.watermark(time_never);
    ASSERT_TRUE(window.step());
    EXPECT_EQ(window.books().late, 0U);
    ASSERT_EQ(window.out().size(), 2U);
    EXPECT_EQ(window.number(0, "sum_notional"), 11);
    EXPECT_EQ(window.number(1, "sum_notional"), 1);
}

TEST(Measures, AbsentFieldsAreNotZero) {
    Driver window(Options{.by = {"venue"},
                          .compute = {"count", "min(mark)", "max(mark)", "mean(mark)", "last(mark)",
                                      "count(mark)", "sum(oracle)"}});
    ASSERT_TRUE(window.started());
    for (const double mark : {4.0, 2.0, 9.0}) {
        Event& event = window.add(Kind::price, noon + static_cast<Time>(mark));
        event.price.mark = mark;
        event.set_present(field::price::mark);
    }
    window.add(Kind::price, noon);
    window.watermark(time_never);
    ASSERT_TRUE(window.step());
    ASSERT_EQ(window.out().size(), 1U);
    EXPECT_EQ(window.number(0, "count"), 4);
    EXPECT_EQ(window.number(0, "min_mark"), 2);
    EXPECT_EQ(window.number(0, "max_mark"), 9);
    EXPECT_EQ(window.number(0, "mean_mark"), 5);
    EXPECT_EQ(window.number(0, "last_mark"), 9);
    EXPECT_EQ(window.number(0, "count_mark"), 3);
    EXPECT_TRUE(std::isnan(window.number(0, "sum_oracle")));
}

TEST(State, AWindowGoesOnAfterARestart) {
    Driver before(by_instrument_and_side()), after(by_instrument_and_side());
    liquidation(before, noon, "BTC/USDT:USDT", Side::long_position, 1);
    ASSERT_TRUE(before.step());
    testing::StateRows rows;
    ASSERT_TRUE(before.snapshot(rows, false));
    EXPECT_TRUE(std::ranges::any_of(
        rows.rows, [](const auto& row) { return row.key == "BTC/USDT:USDT|long"; }));
    ASSERT_TRUE(after.restore(rows));
    liquidation(after, noon + 1, "BTC/USDT:USDT", Side::long_position, 2);
    after.watermark(noon + minute);
    ASSERT_TRUE(after.step());
    ASSERT_EQ(after.out().size(), 1U);
    EXPECT_EQ(after.number(0, "sum_notional"), 3);
    EXPECT_EQ(text_of(after.out()[0].market), "BTC");
}

TEST(Groups, ChoicesOfOneNameAreKeptApart) {
    Driver window(Options{.every = minute, .by = {"side"}, .compute = {"count"}});
    liquidation(window, noon, "BTC", Side::short_position, 1);
    Event& trade = window.add(Kind::trade, noon);
    trade.trade.side = TakerSide::sell;
    trade.set_present(field::trade::side);
    window.watermark(time_never);
    ASSERT_TRUE(window.step());
    ASSERT_EQ(window.out().size(), 2U);
    EXPECT_EQ(window.text(0, "side"), "sell");
    EXPECT_EQ(window.text(1, "side"), "short");
}

TEST(Options, MistakesNameTheEntryAndSuggest) {
    const auto refusal = [](const Options& options) { return Driver(options).started(); };
    const Status status = refusal({.by = {"market"}, .compute = {"count", "sum(notionl)"}});
    EXPECT_EQ(status.subject(), "compute[1]");
    EXPECT_THAT(std::string(status.message()), HasSubstr("did you mean 'notional'?"));
    EXPECT_THAT(std::string(refusal({.by = {"market"}, .compute = {"avg(notional)"}}).message()),
                HasSubstr("unknown function 'avg'"));
    EXPECT_THAT(std::string(refusal({.by = {"sidee"}, .compute = {"count"}}).message()),
                HasSubstr("did you mean 'side'?"));
    const Options shorter{.every = hour, .length = minute, .by = {"side"}, .compute = {"count"}};
    EXPECT_EQ(refusal(shorter).subject(), "length");
}

}  // namespace
}  // namespace spillway::window
