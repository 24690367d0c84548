#include <cmath>
#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spillway/fields.hpp>
#include <spillway/testing/driver.hpp>

#include "plugin.hpp"

namespace spillway::rollup {
namespace {

using Driver = testing::Driver<Rollup>;
constexpr Time noon = 1'770'292'800 * second;

Options only(std::vector<std::string> tables) {
    Options options;
    options.tables = std::move(tables);
    return options;
}

Event& event(Driver& driver, Kind kind, Time time, std::string_view venue = "binance") {
    Event& made = driver.add(kind, time);
    made.venue = venue_id(venue);
    made.instrument = instrument_id("BTC/USDT:USDT");
    made.market = market_id("BTC");
    return made;
}

void liquidation(Driver& driver, Time time, Side side, double price, double notional,
                 std::string_view venue = "binance") {
    Event& made = event(driver, Kind::liquidation, time, venue);
    made.liquidation = {price, notional / price, notional, {}, side, {}, {}};
    for (const unsigned bit : {field::liquidation::price, field::liquidation::quantity,
                               field::liquidation::notional, field::liquidation::side}) {
        made.set_present(bit);
    }
}

void funding(Driver& driver, Time time, double rate) {
    Event& made = event(driver, Kind::funding_rate, time);
    made.funding_rate.rate = rate;
    made.set_present(field::funding_rate::rate);
}

TEST(Rows, AreWrittenWhenChangedAtMostEveryTenSecondsAndAtTheEnd) {
    Driver driver(only({"funding_rates_1h"}));
    funding(driver, noon + second, 0.001);
    funding(driver, noon + 2 * second, 0.003);
    driver.advance(noon + 10 * second - 1);
    ASSERT_TRUE(driver.step());
    EXPECT_EQ(driver.out().size(), 0U);
    driver.advance(noon + 10 * second);
    ASSERT_TRUE(driver.step());
    ASSERT_EQ(driver.out().size(), 1U);
    driver.advance(noon + minute);
    ASSERT_TRUE(driver.step());
    EXPECT_EQ(driver.out().size(), 1U);
    funding(driver, noon + minute, 0.002);
    driver.watermark(time_never);
    ASSERT_TRUE(driver.step());
    ASSERT_EQ(driver.out().size(), 2U);
    const Event& row = driver.out()[1];
    EXPECT_EQ(text_of(row.extension.name), "funding_rates_1h");
    EXPECT_EQ(row.event_time, noon + hour);
    EXPECT_EQ(text_of(row.venue), "binance");
    EXPECT_EQ(text_of(row.market), "BTC");
    EXPECT_DOUBLE_EQ(driver.number(1, "avg"), 0.002);
    EXPECT_EQ(driver.number(1, "min"), 0.001);
    EXPECT_EQ(driver.number(1, "max"), 0.003);
    EXPECT_EQ(driver.number(1, "last"), 0.002);
    EXPECT_EQ(driver.number(1, "count"), 3);
}

TEST(Buckets, TakeLateRecordsForADay) {
    Driver driver(only({"funding_rates_1h"}));
    funding(driver, noon, 1);
    driver.watermark(noon + hour + day - 1);
    funding(driver, noon + 1, 3);
    driver.watermark(noon + hour + day);
    funding(driver, noon + 2, 9);
    ASSERT_TRUE(driver.step());
    EXPECT_EQ(driver.books().late, 1U);
    EXPECT_EQ(driver.late().size(), 1U);
    ASSERT_EQ(driver.out().size(), 1U);
    EXPECT_EQ(driver.number(0, "max"), 3);
}

TEST(OpenInterest, OpenAndCloseGoByEventTimeAndOneUnit) {
    Driver driver(only({"oi_changes_1h"}));
    const auto add = [&](Time time, double base, bool in_coins = true) {
        Event& made = event(driver, Kind::open_interest, time);
        made.open_interest.base = base;
        made.open_interest.notional = base * 1000;
        if (in_coins) made.set_present(field::open_interest::base);
        made.set_present(field::open_interest::notional);
    };
    add(noon + 2, 110);
    add(noon + 1, 100);
    add(noon + 3, 7, false);
    driver.watermark(time_never);
    ASSERT_TRUE(driver.step());
    ASSERT_EQ(driver.out().size(), 1U);
    EXPECT_EQ(driver.number(0, "open"), 100);
    EXPECT_EQ(driver.number(0, "close"), 110);
    EXPECT_EQ(driver.number(0, "max"), 110);
    EXPECT_DOUBLE_EQ(driver.number(0, "change_pct"), 10);
}

TEST(Liquidations, AllTablesOfOneOrderStream) {
    Driver driver(only({table_names.begin() + 1, table_names.end()}));
    liquidation(driver, noon, Side::long_position, 70'010, 1000);
    liquidation(driver, noon + 1, Side::long_position, 70'040, 3000);
    liquidation(driver, noon + hour, Side::short_position, 70'040, 500, "okx");
    event(driver, Kind::liquidation, noon);  // worth nobody knows how much
    driver.watermark(time_never);
    ASSERT_TRUE(driver.step());
    std::vector<std::string> names;
    for (std::uint32_t i = 0; i < driver.out().size(); ++i) {
        names.emplace_back(text_of(driver.out()[i].extension.name));
        if (names.back() == "liquidation_price_levels") {
            EXPECT_EQ(driver.number(i, "price_level"), 70'000);
            EXPECT_EQ(driver.number(i, "liquidation_count"), 2);
            EXPECT_EQ(driver.number(i, "avg_liquidation_size"), 2000);
        }
        if (names.back() == "liquidations_hourly" && driver.text(i, "side") == "long") {
            EXPECT_EQ(driver.number(i, "event_count"), 2);
            EXPECT_DOUBLE_EQ(driver.number(i, "stddev_value_usd"), std::sqrt(2e6));
            EXPECT_DOUBLE_EQ(driver.number(i, "total_quantity"), 1000 / 70'010. + 3000 / 70'040.);
            EXPECT_TRUE(std::isnan(driver.number(i, "avg_risk_score")));
        }
        if (names.back() == "liquidation_exchange_comparison") {
            EXPECT_EQ(driver.out()[i].event_time, noon + 4 * hour);
        }
    }
    // The single short of the second hour makes no price level.
    EXPECT_THAT(names, ::testing::UnorderedElementsAre(
                           "liquidations_1h", "liquidations_1h", "liquidations_hourly",
                           "liquidations_hourly", "liquidation_price_levels",
                           "liquidation_exchange_comparison", "liquidation_exchange_comparison"));
}

TEST(Cascades, AreCountedOnceARowWithTheMeanRiskOfTheirMembers) {
    Driver driver(only({"liquidations_hourly"}));
    liquidation(driver, noon, Side::long_position, 70'000, 1000);
    for (const double risk : {0.2, 0.6}) {
        Event& cascade = event(driver, Kind::cascade, noon + 5);
        cascade.cascade.cascade = {1, 2};
        std::byte* blob =
            driver.batch().extend_blob(cascade, sizeof(CascadeDetail) + sizeof(CascadeMember));
        const CascadeDetail detail{risk, risk, risk, 0, 0, 1};
        const CascadeMember member{noon,
                                   {3, 4},
                                   1000,
                                   instrument_id("BTC/USDT:USDT"),
                                   venue_id("binance"),
                                   Side::long_position};
        std::memcpy(blob, &detail, sizeof(detail));
        std::memcpy(blob + sizeof(detail), &member, sizeof(member));
    }
    driver.watermark(time_never);
    ASSERT_TRUE(driver.step());
    ASSERT_EQ(driver.out().size(), 1U);
    EXPECT_EQ(driver.number(0, "cascade_count"), 1);
    EXPECT_DOUBLE_EQ(driver.number(0, "avg_risk_score"), 0.4);
}

TEST(Cascades, HaveARowForEachHourAndInstrumentOverAllTheirMembers) {
    Driver driver(only({"liquidation_cascades"}));
    const auto tell = [&](double risk, std::vector<CascadeMember> members) {
        Event& cascade = event(driver, Kind::cascade, noon + 5);
        cascade.cascade.cascade = {1, 2};
        std::byte* blob = driver.batch().extend_blob(
            cascade, sizeof(CascadeDetail) + members.size() * sizeof(CascadeMember));
        const CascadeDetail detail{risk, risk, risk,
                                   0,    0,    static_cast<std::uint32_t>(members.size())};
        std::memcpy(blob, &detail, sizeof(detail));
        std::memcpy(blob + sizeof(detail), members.data(), members.size() * sizeof(CascadeMember));
    };
    const auto member = [](Time time, double notional, const char* venue, Side side) {
        return CascadeMember{time,
                             {3, static_cast<std::uint64_t>(time)},
                             notional,
                             instrument_id("BTC/USDT:USDT"),
                             venue_id(venue),
                             side};
    };
    tell(0.2, {member(noon + 1, 1000, "okx", Side::long_position)});
    tell(0.6, {member(noon + 2 * second, 3000, "binance", Side::long_position),
               member(noon + hour, 500, "okx", Side::short_position)});
    driver.watermark(time_never);
    ASSERT_TRUE(driver.step());
    ASSERT_EQ(driver.out().size(), 2U);
    const Event& row = driver.out()[0];
    EXPECT_EQ(text_of(row.extension.name), "liquidation_cascades");
    EXPECT_EQ(row.event_time, noon + hour);
    EXPECT_EQ(text_of(row.instrument), "BTC/USDT:USDT");
    EXPECT_EQ(driver.number(0, "event_count"), 2);
    EXPECT_EQ(driver.number(0, "total_value_usd"), 4000);
    EXPECT_DOUBLE_EQ(driver.number(0, "duration_seconds"), 2 - 1e-9);
    EXPECT_DOUBLE_EQ(driver.number(0, "avg_risk_score"), 0.4);
    EXPECT_EQ(driver.number(0, "max_risk_score"), 0.6);
    EXPECT_EQ(driver.number(0, "exchange_count"), 2);
    EXPECT_EQ(driver.number(0, "long_count"), 2);
    EXPECT_EQ(driver.number(0, "short_count"), 0);
    EXPECT_EQ(driver.out().text(row, row.extension.bytes),
              R"({"cascade_id":"00000000-0000-0001-0000-000000000002","cascade_start":)" +
                  std::to_string(noon + 1) + R"(,"cascade_end":)" +
                  std::to_string(noon + 2 * second) +
                  R"(,"exchanges_involved":["binance","okx"]})");
    EXPECT_EQ(driver.number(1, "short_count"), 1);
}

TEST(PriceStep, IsTheLargestOneTwoFiveNotAboveAThousandth) {
    for (const auto& [price, level] : {std::pair{70'010.0, 70'000.0},
                                       {100'000.0, 100'000.0},
                                       {2345.0, 2344.0},
                                       {0.31234, 0.3122},
                                       {0.00002, 0.00002},
                                       {123.45, 123.4}}) {
        const PriceStep step = PriceStep::for_price(price);
        EXPECT_EQ(step.price_of(step.level_of(price)), level) << price;
    }
    const PriceStep tenth(0.1);
    EXPECT_EQ(tenth.price_of(tenth.level_of(0.3)), 0.3);
    EXPECT_EQ(tenth.level_of(1e300), tenth.level_of(1e200));
    EXPECT_EQ(tenth.level_of(-1e300), -tenth.level_of(1e300));
    EXPECT_EQ(PriceStep(100).price_of(PriceStep(100).level_of(70'199)), 70'100);
}

TEST(State, ARowGoesOnAfterARestart) {
    Driver before(only({"funding_rates_1h"})), after(only({"funding_rates_1h"}));
    funding(before, noon, 1);
    ASSERT_TRUE(before.step());
    testing::StateRows rows;
    ASSERT_TRUE(before.snapshot(rows, false));
    ASSERT_TRUE(after.restore(rows));
    funding(after, noon + 1, 3);
    after.watermark(time_never);
    ASSERT_TRUE(after.step());
    ASSERT_EQ(after.out().size(), 1U);
    EXPECT_EQ(after.number(0, "count"), 2);
}

TEST(Options, AnUnknownTableIsRefused) {
    const Driver driver(only({"liquidations_1h", "oi_change_1h"}));
    const Status& status = driver.started();
    EXPECT_EQ(status.subject(), "tables[1]");
    EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("'oi_changes_1h'"));
}

}  // namespace
}  // namespace spillway::rollup
