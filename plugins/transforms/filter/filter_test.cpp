#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spillway/testing/driver.hpp>

#include "plugin.hpp"

namespace spillway::filter {
namespace {

using ::testing::HasSubstr;
using Driver = testing::Driver<ConditionFilter>;

Event& liquidation(Driver& driver, double notional, Side side = Side::long_position) {
    Event& event = driver.add(Kind::liquidation, second);
    event.venue = venue_id("binance");
    event.market = market_id("BTC");
    event.liquidation.notional = notional;
    event.liquidation.side = side;
    event.set_present(field::liquidation::notional);
    event.set_present(field::liquidation::side);
    return event;
}

/// Whether a liquidation of 100,000 USD of a long BTC position on binance passes.
bool passes(const std::string& condition) {
    Driver driver(Options{{condition}, {}});
    const Status& started = driver.started();
    EXPECT_TRUE(started) << condition << ": " << started.message();
    liquidation(driver, 100'000);
    EXPECT_TRUE(driver.step());
    EXPECT_EQ(driver.books().filtered + driver.out().size(), 1U);
    return driver.out().size() == 1;
}

std::string error_of(const std::string& condition) {
    Driver driver(Options{{"present(mark)", condition}, {}});
    const Status& status = driver.started();
    EXPECT_EQ(status.subject(), "where[1]") << condition;
    return std::string(status.message());
}

TEST(Filter, KeepsChosenMarketsAndWhatConcernsAll) {
    Driver driver(Options{{}, {"BTC", "ETH"}});
    ASSERT_TRUE(driver.started());
    for (const char* market : {"BTC", "SOL", "ETH"}) {
        liquidation(driver, 1).market = market_id(market);
    }
    driver.add(Kind::source_status, second).venue = venue_id("binance");
    driver.add(Kind::stablecoin_flow, second).market = market_wide();
    EXPECT_TRUE(driver.step());
    EXPECT_EQ(driver.out().size(), 4U);
    EXPECT_EQ(driver.books().filtered, 1U);
}

TEST(Filter, MarketsMayBeWrittenInSmallLetters) {
    Driver driver(Options{{}, {"btc"}});
    ASSERT_TRUE(driver.started());
    liquidation(driver, 1);
    EXPECT_TRUE(driver.step());
    EXPECT_EQ(driver.out().size(), 1U);
}

TEST(Filter, RefusesToFilterNothing) {
    Driver driver(Options{});
    EXPECT_THAT(std::string(driver.started().message()), HasSubstr("nothing would be filtered"));
}

TEST(Filter, ComparesNumbers) {
    EXPECT_TRUE(passes("notional >= 100_000"));
    EXPECT_TRUE(passes("notional == 1e5"));
    EXPECT_FALSE(passes("notional > 100000"));
    EXPECT_FALSE(passes("notional != 100000"));
    EXPECT_TRUE(passes("notional<100_001"));
}

TEST(Filter, ComparesTextsAndSets) {
    EXPECT_TRUE(passes("venue in (binance, bybit)"));
    EXPECT_FALSE(passes("venue not in (binance, bybit)"));
    EXPECT_TRUE(passes("venue != bybit"));
    EXPECT_TRUE(passes("market == BTC"));
    EXPECT_FALSE(passes("market not in (BTC)"));
    EXPECT_TRUE(passes("side == long"));
    EXPECT_FALSE(passes("side == short"));
    EXPECT_FALSE(passes("side == buy"));  // a trade's side
    EXPECT_TRUE(passes("kind != trade"));
    EXPECT_TRUE(passes("kind in (liquidation, 'price')"));
    EXPECT_FALSE(passes("kind == price"));
    EXPECT_TRUE(passes("simulated == false"));
}

TEST(Filter, AbsentFieldsPassNoComparison) {
    EXPECT_FALSE(passes("price > 0"));
    EXPECT_FALSE(passes("price != 1"));
    EXPECT_FALSE(passes("mark > 0"));  // no field of this kind
    EXPECT_FALSE(passes("price_kind != fill"));
    EXPECT_FALSE(passes("instrument != BTC"));
    EXPECT_FALSE(passes("instrument not in (A, B)"));
    EXPECT_TRUE(passes("present(notional)"));
    EXPECT_FALSE(passes("present(price)"));
    EXPECT_TRUE(passes("not present(price)"));
    EXPECT_TRUE(passes("not present(instrument)"));
}

TEST(Filter, AllConditionsMustHold) {
    Driver driver(Options{{"notional >= 5", "side == short"}, {}});
    ASSERT_TRUE(driver.started());
    liquidation(driver, 9, Side::short_position);
    liquidation(driver, 9, Side::long_position);
    liquidation(driver, 1, Side::short_position);
    ASSERT_TRUE(driver.step());
    EXPECT_EQ(driver.out().size(), 1U);
    EXPECT_EQ(driver.books().filtered, 2U);
}

TEST(Filter, ComparesDurationsCountsAndFlags) {
    Driver driver(Options{{"interval <= 5m", "long_count >= 2", "estimate == true"}, {}});
    ASSERT_TRUE(driver.started());
    for (const std::uint64_t count : {1U, 2U}) {
        Event& event = driver.add(Kind::liquidation_sum, second);
        event.liquidation_sum.interval = 5 * minute;
        event.liquidation_sum.long_count = count;
        event.set_present(field::liquidation_sum::interval);
        event.set_present(field::liquidation_sum::long_count);
        event.flags = flag_estimate;
    }
    ASSERT_TRUE(driver.step());
    EXPECT_EQ(driver.out().size(), 1U);
}

TEST(Filter, MistakesNameEntryAndColumn) {
    EXPECT_EQ(error_of("notionl >= 1"),
              "column 1: unknown field 'notionl'; did you mean 'notional'?");
    EXPECT_THAT(error_of("side == lng"),
                HasSubstr("column 9: 'lng' is no value of 'side'; did you mean 'long'?"));
    EXPECT_THAT(error_of("notional >="), HasSubstr("column 12: expected a value before the end"));
    EXPECT_THAT(error_of("notional = 5"), HasSubstr("column 10: expected one of =="));
    EXPECT_THAT(error_of("notional > many"), HasSubstr("column 12: 'many' is not a number"));
    EXPECT_THAT(error_of("notional in (1, 2)"), HasSubstr("one by one"));
    EXPECT_THAT(error_of("venue > binance"), HasSubstr("no order"));
    EXPECT_THAT(error_of("venue in (binance"), HasSubstr("column 18: expected ',' or ')'"));
    EXPECT_THAT(error_of("kind == liquidations"), HasSubstr("did you mean 'liquidation'?"));
    EXPECT_THAT(error_of("price > 1 and price < 2"), HasSubstr("column 11: expected the end"));
    EXPECT_THAT(error_of("'open"), HasSubstr("quote is not closed"));
    EXPECT_THAT(error_of(""), HasSubstr("expected a field"));
    EXPECT_THAT(error_of("raw == x"), HasSubstr("only be used in present"));
}

}  // namespace
}  // namespace spillway::filter
