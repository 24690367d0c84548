#include <algorithm>

#include <gtest/gtest.h>

#include <spillway/testing/driver.hpp>

#include "plugin.hpp"

namespace spillway::dedupe {
namespace {

using Driver = testing::Driver<Dedupe>;
constexpr Time noon = 1'770'292'800 * second;

Options remembering(Duration window = day, std::int64_t max_entries = 1000) {
    return {window, max_entries};
}

void trade(Driver& driver, std::uint64_t id, Time time = noon) {
    driver.add(Kind::trade, time).id = {id, id * 0x9E3779B97F4A7C15U};
}

void funding(Driver& driver, double rate, std::string_view venue = "binance", Duration interval = 0,
             Time time = noon) {
    Event& event = driver.add(Kind::funding_rate, time);
    event.venue = venue_id(venue);
    event.instrument = instrument_id("BTC/USDT:USDT");
    event.funding_rate.rate = rate;
    event.funding_rate.interval = interval;
}

TEST(Dedupe, AnIdPassesOnce) {
    Driver driver(remembering());
    for (const std::uint64_t id : {1U, 2U, 1U, 2U, 3U}) trade(driver, id);
    ASSERT_TRUE(driver.step());
    trade(driver, 3);
    ASSERT_TRUE(driver.step());
    EXPECT_EQ(driver.out().size(), 3U);
    EXPECT_EQ(driver.books().duplicate, 3U);
}

TEST(Dedupe, AnEventWithoutIdPasses) {
    Driver driver(remembering());
    trade(driver, 0);
    trade(driver, 0);
    ASSERT_TRUE(driver.step());
    EXPECT_EQ(driver.out().size(), 2U);
}

TEST(Dedupe, ManyIdsAreAllRemembered) {
    Driver driver(remembering(day, 200'000));
    for (int round = 0; round < 2; ++round) {
        for (std::uint64_t id = 1; id <= 50'000; ++id) trade(driver, id);
        ASSERT_TRUE(driver.step());
    }
    EXPECT_EQ(driver.out().size(), 50'000U);
    EXPECT_EQ(driver.books().duplicate, 50'000U);
}

TEST(Dedupe, AnIdIsRememberedForTheWindowAndForgottenAfterTwo) {
    Driver driver(remembering(hour));
    trade(driver, 1, noon);
    trade(driver, 2, noon + hour);
    trade(driver, 1, noon + hour);
    ASSERT_TRUE(driver.step());
    EXPECT_EQ(driver.books().duplicate, 1U);
    trade(driver, 3, noon + 2 * hour);
    trade(driver, 1, noon + 2 * hour);
    ASSERT_TRUE(driver.step());
    EXPECT_EQ(driver.books().duplicate, 1U);
}

TEST(Dedupe, MemoryIsBoundedAndTheOldestGoFirst) {
    Driver driver(remembering(day, 10));
    for (std::uint64_t id = 1; id <= 11; ++id) trade(driver, id);
    trade(driver, 6);
    trade(driver, 1);
    ASSERT_TRUE(driver.step());
    EXPECT_EQ(driver.books().duplicate, 1U);
}

TEST(Conflicts, OnlyALargerMagnitudeOfOneStreamAndTimePasses) {
    Driver driver(remembering());
    funding(driver, 0.0001);
    funding(driver, -0.0003);
    funding(driver, 0.0002);
    funding(driver, -0.0003);
    ASSERT_TRUE(driver.step());
    ASSERT_EQ(driver.out().size(), 2U);
    EXPECT_EQ(driver.out()[1].funding_rate.rate, -0.0003);
    EXPECT_EQ(driver.books().duplicate, 2U);
}

TEST(Conflicts, StreamsDoNotConflictWithEachOther) {
    Driver driver(remembering());
    funding(driver, 0.0001);
    funding(driver, 0.0001, "bybit");
    funding(driver, 0.0001, "binance", hour);
    funding(driver, 0.0001, "binance", 0, noon + 1);
    ASSERT_TRUE(driver.step());
    EXPECT_EQ(driver.out().size(), 4U);
}

TEST(State, ARestartRemembersWhateverTheOrderOfRows) {
    Driver before(remembering(hour, 100'000)), after(remembering(hour, 100'000));
    testing::StateRows rows;
    for (std::uint64_t id = 1; id <= 10'000; ++id) trade(before, id);
    ASSERT_TRUE(before.step());
    ASSERT_TRUE(before.snapshot(rows, false));
    EXPECT_EQ(rows.rows.size(), 3U);
    trade(before, 10'001, noon + hour);
    funding(before, 0.0002, "binance", 0, noon + hour);
    ASSERT_TRUE(before.step());
    testing::StateRows changed;
    ASSERT_TRUE(before.snapshot(changed, false));
    EXPECT_EQ(changed.rows.size(), 1U);
    ASSERT_TRUE(before.snapshot(rows, false));
    for (const auto& row : changed.rows) rows.rows.insert(rows.rows.begin(), row);
    std::reverse(rows.rows.begin(), rows.rows.end());
    ASSERT_TRUE(after.restore(rows));
    for (const std::uint64_t id : {1U, 4096U, 4097U, 10'000U, 10'001U})
        trade(after, id, noon + hour);
    funding(after, 0.0001, "binance", 0, noon + hour);
    funding(after, 0.0003, "binance", 0, noon + hour);
    ASSERT_TRUE(after.step());
    EXPECT_EQ(after.books().duplicate, 6U);
}

TEST(State, RowsOfForgottenGenerationsAreDeleted) {
    Driver driver(remembering(hour));
    testing::StateRows rows;
    for (int hours = 0; hours < 5; ++hours) {
        trade(driver, static_cast<std::uint64_t>(hours) + 1, noon + hours * hour);
        ASSERT_TRUE(driver.step());
        ASSERT_TRUE(driver.snapshot(rows, false));
        EXPECT_LE(rows.rows.size(), 2U);
    }
}

}  // namespace
}  // namespace spillway::dedupe
