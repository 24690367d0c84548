#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spillway/testing/driver.hpp>

#include "plugin.hpp"

namespace spillway::normalise {
namespace {

using Driver = testing::Driver<Normalise>;

Event& liquidation(Driver& driver, std::string_view symbol, double price, double quantity,
                   std::string_view venue = "binance") {
    Event& event = driver.add(Kind::liquidation, second);
    event.venue = venue_id(venue);
    event.instrument = instrument_id(symbol);
    event.liquidation.price = price;
    event.liquidation.quantity = quantity;
    event.set_present(field::liquidation::price);
    event.set_present(field::liquidation::quantity);
    return event;
}

TEST(Normalise, SymbolsOfOneMarketMeet) {
    Driver driver(Options{});
    ASSERT_TRUE(driver.started());
    for (const char* symbol : {"BTCUSDT", "BTC-USDT-SWAP", "BTC/USDT:USDT", "BTCUSDT"}) {
        liquidation(driver, symbol, 1, 1);
    }
    ASSERT_TRUE(driver.step());
    ASSERT_EQ(driver.out().size(), 4U);
    for (const Event& event : driver.out().events()) {
        EXPECT_EQ(text_of(event.instrument), "BTC/USDT:USDT");
        EXPECT_EQ(text_of(event.market), "BTC");
    }
}

TEST(Normalise, MultipliersAreResolvedAndUsdStays) {
    Driver driver(Options{});
    ASSERT_TRUE(driver.started());
    liquidation(driver, "1000PEPEUSDT", 0.02, 5000);
    ASSERT_TRUE(driver.step());
    const Event& event = driver.out()[0];
    EXPECT_EQ(text_of(event.market), "PEPE");
    EXPECT_DOUBLE_EQ(event.liquidation.price, 0.00002);
    EXPECT_DOUBLE_EQ(event.liquidation.quantity, 5'000'000);
    ASSERT_TRUE(event.has(field::liquidation::notional));
    EXPECT_DOUBLE_EQ(event.liquidation.notional, 100);
}

TEST(Normalise, NotionalIsOnlyAddedWhereItIsDollars) {
    Driver driver(Options{.aliases = {}, .linear_usd = {"dydx"}});
    ASSERT_TRUE(driver.started());
    liquidation(driver, "BTCUSDT", 100, 2);
    Event& known = liquidation(driver, "BTCUSDT", 100, 2);
    known.liquidation.notional = 7;
    known.set_present(field::liquidation::notional);
    liquidation(driver, "BTC-USD", 100, 2, "okx");
    liquidation(driver, "BTC-USD", 100, 2, "dydx");
    ASSERT_TRUE(driver.step());
    EXPECT_EQ(driver.out()[0].liquidation.notional, 200);
    EXPECT_EQ(driver.out()[1].liquidation.notional, 7);
    EXPECT_FALSE(driver.out()[2].has(field::liquidation::notional));
    EXPECT_EQ(driver.out()[3].liquidation.notional, 200);
    EXPECT_EQ(text_of(driver.out()[2].instrument), "BTC/USD:BTC");
}

TEST(Normalise, PricesOfWrappedFormsAreNotTheMarkets) {
    Driver driver(Options{});
    ASSERT_TRUE(driver.started());
    driver.add(Kind::price, second).instrument = instrument_id("WBTCUSDT");
    liquidation(driver, "WBTCUSDT", 1, 1);
    ASSERT_TRUE(driver.step());
    EXPECT_EQ(text_of(driver.out()[0].market), "WBTC");
    EXPECT_EQ(text_of(driver.out()[1].market), "BTC");
}

TEST(Normalise, FlowsConcernAllMarkets) {
    Driver driver(Options{});
    ASSERT_TRUE(driver.started());
    driver.add(Kind::stablecoin_flow, second);
    driver.add(Kind::source_status, second);
    ASSERT_TRUE(driver.step());
    EXPECT_EQ(driver.out()[0].market, market_wide());
    EXPECT_EQ(driver.out()[1].market, MarketId::none);
}

TEST(Normalise, EventsWithAMarketPassUntouched) {
    Driver driver(Options{});
    ASSERT_TRUE(driver.started());
    liquidation(driver, "1000PEPEUSDT", 2, 3).market = market_id("DOGE");
    ASSERT_TRUE(driver.step());
    EXPECT_EQ(driver.out()[0].liquidation.price, 2);
    EXPECT_EQ(text_of(driver.out()[0].market), "DOGE");
}

TEST(Normalise, UnreadableSymbolsAreDeadLetters) {
    Driver driver(Options{});
    ASSERT_TRUE(driver.started());
    liquidation(driver, "B T C", 1, 1);
    driver.add(Kind::price, second);
    liquidation(driver, "ETHUSDT", 1, 1);
    ASSERT_TRUE(driver.step());
    EXPECT_EQ(driver.out().size(), 1U);
    EXPECT_EQ(driver.books().dead_lettered, 2U);
    const DeadLetter* letter = read_dead_letter(driver.letters(), driver.letters()[0]);
    ASSERT_NE(letter, nullptr);
    EXPECT_THAT(std::string(driver.letters().text(driver.letters()[0], letter->reason)),
                ::testing::HasSubstr("'B T C' names no instrument"));
}

TEST(Normalise, AliasesComeFromTheOptions) {
    Driver driver(Options{.aliases = {"LUNA2=LUNA"}, .linear_usd = {}});
    ASSERT_TRUE(driver.started());
    liquidation(driver, "LUNA2USDT", 1, 1);
    ASSERT_TRUE(driver.step());
    EXPECT_EQ(text_of(driver.out()[0].market), "LUNA");
    const Driver refused(Options{.aliases = {"LUNA2"}, .linear_usd = {}});
    EXPECT_EQ(refused.started().subject(), "aliases[0]");
}

}  // namespace
}  // namespace spillway::normalise
