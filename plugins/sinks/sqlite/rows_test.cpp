#include <gmock/gmock.h>

#include "testing/store_fixture.hpp"

namespace spillway::sqlite {
namespace {

using ::testing::ElementsAre;
using testing::evening;
using testing::Events;
using ::testing::IsEmpty;

class SourceRows : public testing::StoreTest {};

TEST_F(SourceRows, PricesAndBarsShareATable) {
    Events events;
    Event& price = events.add(Kind::price, 1);
    price.price.mark = 67'000.5;
    price.price.index = 67'001;
    price.price.volume_usd = 1e9;
    Events::mark(price, {field::price::mark, field::price::index, field::price::volume_usd});
    Event& bar = events.add(Kind::bar, 2);
    bar.bar.open = 1;
    bar.bar.close = 66'900;
    Events::mark(bar, {field::bar::open, field::bar::close});
    store_all(events);
    EXPECT_THAT(rows("SELECT time, hex(event_id), venue, symbol, price, volume FROM prices"),
                ElementsAre("1770323100000000000|00000000000000000000000000000001|binance|BTCUSDT|"
                            "67000.5|1000000000.0",
                            "1770323100000000000|00000000000000000000000000000002|binance|BTCUSDT|"
                            "66900.0|"));
    EXPECT_EQ(store->refused(), 0);
}

TEST_F(SourceRows, FundingOpenInterestAndRatiosKeepWhatIsUnknownNull) {
    Events events;
    Event& funding = events.add(Kind::funding_rate, 1);
    funding.funding_rate.rate = 0.0001;
    funding.funding_rate.rate_interval_hours = 8;
    funding.funding_rate.mark = 67'000;
    Events::mark(funding, {field::funding_rate::rate, field::funding_rate::rate_interval_hours,
                           field::funding_rate::mark});
    Event& interest = events.add(Kind::open_interest, 2);
    interest.instrument = instrument_id("BTC/USD:BTC-260327");
    interest.open_interest.base = 80'000;
    Events::mark(interest, {field::open_interest::base});
    Event& ratio = events.add(Kind::long_short_ratio, 3);
    ratio.long_short_ratio.ratio = 3;
    ratio.long_short_ratio.population = Population::top_positions;
    Events::mark(ratio, {field::long_short_ratio::ratio, field::long_short_ratio::population});
    store_all(events);
    EXPECT_EQ(value("SELECT venue, symbol, funding_rate, mark_price, index_price, "
                    "rate_interval_hours FROM funding_rates"),
              "binance|BTCUSDT|0.0001|67000.0||8.0");
    EXPECT_EQ(value("SELECT symbol, open_interest, open_interest_value FROM open_interest"),
              "BTCUSD_260327|80000.0|");
    EXPECT_EQ(value("SELECT population, long_ratio, short_ratio, long_short_ratio "
                    "FROM long_short_ratio"),
              "top_position|0.75|0.25|3.0");
}

TEST_F(SourceRows, LargeLiquidationsEnterASecondTable) {
    Events events;
    events.liquidation(1, 99'999.99);
    Event& large = events.liquidation(2, 100'000);
    large.liquidation.price = 50'000;
    large.liquidation.quantity = 2;
    large.liquidation.side = Side::short_position;
    large.liquidation.raw = events.batch().add_text(large, R"({"e":"forceOrder"})");
    Events::mark(
        large, {field::liquidation::price, field::liquidation::quantity, field::liquidation::raw});
    store_all(events);
    EXPECT_THAT(rows("SELECT side, quantity, price, usd_value FROM liquidations"),
                ElementsAre("LONG|||99999.99", "SHORT|2.0|50000.0|100000.0"));
    EXPECT_EQ(value("SELECT exchange, symbol, side, price, quantity, value_usd, is_cascade, "
                    "cascade_id, cascade_event_count, risk_score, session_type, raw_data "
                    "FROM liquidations_significant"),
              "binance|BTCUSDT|SHORT|50000.0|2.0|100000.0|0||||us|{\"e\":\"forceOrder\"}");
}

TEST_F(SourceRows, TheThresholdIsAnOption) {
    settings.significant_usd = 5e6;
    Events events;
    events.liquidation(1, 4e6);
    events.liquidation(2, 6e6);
    store_all(events);
    EXPECT_EQ(value("SELECT value_usd FROM liquidations_significant"), "6000000.0");
}

TEST_F(SourceRows, FlowsAreStoredAndSuppliesAreNot) {
    Events events;
    Event& transfer = events.add(Kind::stablecoin_flow, 1);
    transfer.venue = venue_id("etherscan");
    transfer.stablecoin_flow.amount = 2.5e6;
    transfer.stablecoin_flow.token = name_id("USDT");
    transfer.stablecoin_flow.flow = FlowType::exchange_inflow;
    transfer.stablecoin_flow.from = events.batch().add_text(transfer, "0xabc");
    Events::mark(transfer, {field::stablecoin_flow::amount, field::stablecoin_flow::token,
                            field::stablecoin_flow::flow, field::stablecoin_flow::from});
    for (const FlowType flow : {FlowType::mint, FlowType::supply}) {
        Event& sum = events.add(Kind::stablecoin_flow, 2 + static_cast<std::uint64_t>(flow));
        sum.stablecoin_flow.amount = 7e6;
        sum.stablecoin_flow.token = name_id("USDC");
        sum.stablecoin_flow.flow = flow;
        sum.stablecoin_flow.interval = hour;
        Events::mark(sum, {field::stablecoin_flow::amount, field::stablecoin_flow::token,
                           field::stablecoin_flow::flow, field::stablecoin_flow::interval});
    }
    store_all(events);
    EXPECT_THAT(rows("SELECT venue, token, flow_type, amount, from_address, to_address, "
                     "is_exchange_flow, interval_seconds FROM stablecoin_flows"),
                ElementsAre("etherscan|USDT|EXCHANGE_INFLOW|2500000.0|0xabc||1|",
                            "binance|USDC|MINT|7000000.0|||0|3600.0"));
    EXPECT_EQ(store->refused(), 1);
}

TEST_F(SourceRows, AReplayChangesNothing) {
    Events events;
    events.liquidation(1, 200'000);
    Event& price = events.add(Kind::price, 2);
    price.price.last = 5;
    Events::mark(price, {field::price::last});
    store_all(events);
    const auto before = rows("SELECT * FROM liquidations");
    events.batch()[1].price.last = 6;
    store_all(events, 2);
    EXPECT_EQ(rows("SELECT * FROM liquidations"), before);
    EXPECT_EQ(value("SELECT price FROM prices"), "5.0");
    EXPECT_EQ(value("SELECT count(*) FROM liquidations_significant"), "1");
}

TEST_F(SourceRows, DistinctEventsOfOneMomentAreAllKept) {
    Events events;
    for (std::uint64_t id = 1; id <= 3; ++id) events.liquidation(id, 150'000);
    store_all(events);
    EXPECT_EQ(value("SELECT count(*) FROM liquidations_significant"), "3");
}

TEST_F(SourceRows, AnEventWithoutItsValueIsCountedAndTheRestGoesOn) {
    Events events;
    events.add(Kind::price, 1);
    Event& interest = events.add(Kind::open_interest, 2);
    Events::mark(interest, {field::open_interest::contracts});
    Event& nan = events.add(Kind::funding_rate, 3);
    nan.funding_rate.rate = std::numeric_limits<double>::quiet_NaN();
    Events::mark(nan, {field::funding_rate::rate});
    events.liquidation(4, 1);
    store_all(events);
    EXPECT_EQ(store->refused(), 3);
    EXPECT_EQ(value("SELECT count(*) FROM liquidations"), "1");
    EXPECT_THAT(rows("SELECT * FROM funding_rates"), IsEmpty());
}

TEST_F(SourceRows, AnEventWithoutAnIdIsADefect) {
    Events events;
    events.liquidation(0, 1);
    open();
    const Status status = store->write(events.batch(), events.rows());
    EXPECT_EQ(status.code(), Code::defect);
    EXPECT_EQ(store->commit(1).code(), Code::defect);
}

TEST_F(SourceRows, RowsAreVisibleWhenTheirEpochEnds) {
    Events events;
    events.liquidation(1, 1);
    open();
    ASSERT_TRUE(store->write(events.batch(), events.rows()).ok());
    EXPECT_EQ(value("SELECT count(*) FROM liquidations"), "0");
    ASSERT_TRUE(store->commit(1).ok());
    EXPECT_EQ(value("SELECT count(*) FROM liquidations"), "1");
    ASSERT_TRUE(store->commit(2).ok()) << "an epoch without rows";
}

TEST_F(SourceRows, OnlySelectedRowsAreWritten) {
    Events events;
    for (std::uint64_t id = 1; id <= 4; ++id) events.liquidation(id, static_cast<double>(id));
    const std::uint32_t selected[] = {1, 3};
    open();
    ASSERT_TRUE(store->write(events.batch(), {selected, 2}).ok());
    ASSERT_TRUE(store->commit(1).ok());
    EXPECT_THAT(rows("SELECT usd_value FROM liquidations"), ElementsAre("2.0", "4.0"));
}

}  // namespace
}  // namespace spillway::sqlite
