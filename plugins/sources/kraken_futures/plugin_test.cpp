#include "plugin.hpp"

#include <string>

#include <gtest/gtest.h>

#include <spillway/fields.hpp>
#include <spillway/state.hpp>
#include <spillway/testing/frame_driver.hpp>

namespace spillway::kraken_futures {
namespace {

using testing::change;
using testing::FrameDriver;
using testing::response;
using testing::TestFrame;

std::string trade(const std::string& id, const std::string& side, const std::string& type,
                  const std::string& quantity = "0.5", const std::string& uid = "u1") {
    return R"({"feed":"trade","product_id":")" + id + R"(","uid":")" + uid + R"(","side":")" +
           side + R"(","type":")" + type + R"(","seq":7,"time":1791565600771,"qty":)" + quantity +
           R"(,"price":80000})";
}
std::string snapshot(const std::string& trades) {
    return R"({"feed":"trade_snapshot","product_id":"PF_XBTUSD","trades":[)" + trades + "]}";
}
std::string ticker(const std::string& id, const std::string& fields) {
    return R"({"time":1791565601000,"product_id":")" + id + R"(","feed":"ticker",)" + fields + "}";
}
std::string listing(const std::string& id, const std::string& type, const std::string& size = "1",
                    const std::string& tradeable = "true") {
    return R"({"result":"success","instruments":[{"symbol":")" + id + R"(","type":")" + type +
           R"(","tickSize":0.5,"contractSize":)" + size + R"(,"tradeable":)" + tradeable + "}]}";
}

class KrakenFuturesDecoder : public ::testing::Test {
protected:
    FrameDriver<KrakenFutures> kraken{"kraken_futures"};

    std::vector<Event> decode(const TestFrame& frame) {
        const std::size_t before = kraken.events.size();
        const std::size_t refused = kraken.refusals.size();
        kraken.step({frame});
        EXPECT_EQ(kraken.refusals.size(), refused) << kraken.refusals.back();
        return {kraken.events.begin() + static_cast<std::ptrdiff_t>(before), kraken.events.end()};
    }
    Event decode_one(const TestFrame& frame) {
        const std::vector<Event> events = decode(frame);
        EXPECT_EQ(events.size(), 1U) << frame.bytes;
        return events.empty() ? Event{} : events[0];
    }
    std::string refusal(const TestFrame& frame) {
        const std::size_t before = kraken.refusals.size();
        const std::size_t events = kraken.events.size();
        kraken.step({frame});
        EXPECT_EQ(kraken.refusals.size(), before + 1) << frame.bytes;
        EXPECT_EQ(kraken.events.size(), events);
        return kraken.refusals.size() == before ? "" : kraken.refusals.back();
    }
};

TEST(KrakenFuturesContracts, AreReadByTheSpellingOfTheirId) {
    EXPECT_EQ(read_contract("PF_XBTUSD").instrument, "BTC/USD:USD");
    EXPECT_EQ(read_contract("PI_XBTUSD").instrument, "BTC/USD:BTC");
    EXPECT_EQ(read_contract("FI_XBTUSD_261225").instrument, "BTC/USD:BTC-261225");
    EXPECT_EQ(read_contract("FF_XBTUSD_261225").instrument, "BTC/USD:USD-261225");
    EXPECT_TRUE(read_contract("FI_ETHUSD_261225").inverse);
    EXPECT_FALSE(read_contract("FF_ETHUSD_261225").perpetual);
    for (const char* id : {"", "PF_", "PF_USD", "in_xbtusd", "PV_XRPXBT", "PI_XRPXBT", "XBTUSD",
                           "PF_XBTUSD_261225", "FI_XBTUSD", "FI_XBTUSD_261399"}) {
        EXPECT_FALSE(read_contract(id).decoded()) << id;
    }
}

TEST_F(KrakenFuturesDecoder, ASaleClosesALongAndIsNamedInFull) {
    const std::string text = trade("PF_XBTUSD", "sell", "liquidation");
    const Event event = decode_one({text});
    EXPECT_EQ(event.kind(), Kind::liquidation);
    EXPECT_EQ(event.event_time, 1'791'565'600'771 * millisecond);
    EXPECT_EQ(text_of(event.instrument), "BTC/USD:USD");
    EXPECT_EQ(event.market, MarketId::none);
    EXPECT_EQ(event.liquidation.side, Side::long_position);
    EXPECT_EQ(event.liquidation.price_kind, PriceKind::fill);
    EXPECT_EQ(event.liquidation.completeness, Completeness::complete);
    EXPECT_EQ(kraken.batch->raw((*kraken.batch)[0]), text);
}

TEST_F(KrakenFuturesDecoder, APurchaseClosesAShort) {
    EXPECT_EQ(decode_one({trade("PF_XBTUSD", "buy", "liquidation")}).liquidation.side,
              Side::short_position);
}

TEST_F(KrakenFuturesDecoder, LinearQuantitiesAreCoinsAndInverseOnesDollars) {
    const Event linear = decode_one({trade("PF_XBTUSD", "sell", "liquidation", "0.5")});
    EXPECT_DOUBLE_EQ(linear.liquidation.quantity, 0.5);
    EXPECT_DOUBLE_EQ(linear.liquidation.notional, 40'000);
    const Event inverse = decode_one({trade("PI_XBTUSD", "sell", "liquidation", "20000")});
    EXPECT_DOUBLE_EQ(inverse.liquidation.quantity, 0.25);
    EXPECT_DOUBLE_EQ(inverse.liquidation.notional, 20'000);
}

TEST_F(KrakenFuturesDecoder, ListedContractSizesCount) {
    static_cast<void>(
        decode({response("instruments", listing("PF_XBTUSD", "flexible_futures", "10"))}));
    EXPECT_DOUBLE_EQ(
        decode_one({trade("PF_XBTUSD", "sell", "liquidation", "2")}).liquidation.quantity, 20);
}

TEST_F(KrakenFuturesDecoder, OrdinaryTradesAreLeftOutUnlessAskedFor) {
    EXPECT_TRUE(decode({trade("PF_XBTUSD", "sell", "fill")}).empty());
    FrameDriver<KrakenFutures> with_trades("kraken_futures", {{"trades", "true"}});
    with_trades.step({{trade("PI_XBTUSD", "sell", "fill", "40000")},
                      {trade("PI_XBTUSD", "sell", "liquidation", "40000", "u2")}});
    ASSERT_EQ(with_trades.events.size(), 3U);
    EXPECT_EQ(with_trades.events[0].kind(), Kind::trade);
    EXPECT_EQ(with_trades.events[0].trade.side, TakerSide::sell);
    EXPECT_DOUBLE_EQ(with_trades.events[0].trade.quantity, 0.5);
    EXPECT_EQ(with_trades.events[1].kind(), Kind::liquidation);
    EXPECT_EQ(with_trades.events[2].kind(), Kind::trade);
    EXPECT_NE(with_trades.events[1].id, with_trades.events[2].id);
}

TEST_F(KrakenFuturesDecoder, WhatWasNotTradedInTheBookIsNoTrade) {
    FrameDriver<KrakenFutures> with_trades("kraken_futures", {{"trades", "true"}});
    with_trades.step({{trade("PF_XBTUSD", "sell", "assignment")},
                      {trade("PF_XBTUSD", "sell", "termination")},
                      {trade("PF_XBTUSD", "sell", "block")}});
    EXPECT_TRUE(with_trades.events.empty());
    EXPECT_TRUE(with_trades.refusals.empty());
}

TEST_F(KrakenFuturesDecoder, ATradeThatASnapshotRepeatsKeepsItsId) {
    const std::string one = trade("PF_XBTUSD", "sell", "liquidation");
    const Event alone = decode_one({one});
    const Event again = decode_one({snapshot(one)});
    EXPECT_TRUE(alone.id);
    EXPECT_EQ(alone.id, again.id);
}

TEST_F(KrakenFuturesDecoder, SnapshotsLeaveOldestFirst) {
    const std::string newer = trade("PF_XBTUSD", "sell", "liquidation", "2");
    const std::string older = trade("PF_XBTUSD", "sell", "liquidation", "1", "u0");
    static_cast<void>(decode_one({trade("PF_XBTUSD", "sell", "liquidation", "3", "u")}));
    const auto events = decode({snapshot(newer + "," + older)});
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].liquidation.quantity, 1);
    EXPECT_EQ(kraken.batch->raw((*kraken.batch)[0]), older) << "a row, not a hundred";
    EXPECT_EQ(kraken.batch->raw((*kraken.batch)[1]), newer);
}

TEST_F(KrakenFuturesDecoder, WhatWasTradedBeforeTheFirstSubscriptionIsHistory) {
    std::string earlier = trade("PF_XBTUSD", "sell", "liquidation", "1", "u0");
    const std::string now = trade("PF_XBTUSD", "sell", "liquidation", "2");
    earlier.replace(earlier.find("1791565600771"), 13, "1791565600000");
    EXPECT_TRUE(decode({snapshot(earlier)}).empty());
    EXPECT_EQ(decode_one({now}).liquidation.quantity, 2);
    const std::string missed = trade("PF_XBTUSD", "sell", "liquidation", "4", "u4");
    const auto events = decode({snapshot(missed + "," + now + "," + earlier)});
    ASSERT_EQ(events.size(), 2U) << "of the time of the last trade there may be more";
    EXPECT_EQ(events[1].liquidation.quantity, 4);
}

TEST_F(KrakenFuturesDecoder, TickersTellPriceFundingByTheHourAndInterest) {
    const auto events = decode(
        {ticker("PF_XBTUSD",
                R"("last":80000,"markPrice":80001,"index":79999,"volume":10,"volumeQuote":790000,)"
                R"("openInterest":12.5,"funding_rate":0.8,"relative_funding_rate":0.00001,)"
                R"("next_funding_rate_time":1791568800000)")});
    ASSERT_EQ(events.size(), 3U);
    EXPECT_EQ(events[0].price.mark, 80'001);
    EXPECT_EQ(events[0].price.index, 79'999);
    EXPECT_EQ(events[0].price.volume_usd, 790'000);
    EXPECT_EQ(events[1].funding_rate.rate, 0.00001);
    EXPECT_EQ(events[1].funding_rate.rate_interval_hours, 1);
    EXPECT_EQ(events[1].funding_rate.next_funding_time, 1'791'568'800 * second);
    EXPECT_FALSE(events[1].funding_rate.settled);
    EXPECT_DOUBLE_EQ(events[2].open_interest.base, 12.5);
    EXPECT_DOUBLE_EQ(events[2].open_interest.notional, 12.5 * 80'001);
}

TEST_F(KrakenFuturesDecoder, InverseInterestIsDollarsWhateverTheMark) {
    const Event event = decode_one({ticker("FI_XBTUSD_261225", R"("openInterest":5000)")});
    EXPECT_EQ(event.kind(), Kind::open_interest);
    EXPECT_EQ(event.open_interest.notional, 5000);
    EXPECT_FALSE(event.has(field::open_interest::base));
}

TEST_F(KrakenFuturesDecoder, ZeroIsAPriceThatDoesNotExistYet) {
    const Event event = decode_one({ticker(
        "PF_SUIUSD", R"("last":0,"markPrice":1.33,"volume":0,"next_funding_rate_time":0)")});
    EXPECT_FALSE(event.has(field::price::last));
    EXPECT_FALSE(event.has(field::price::volume_usd));
    EXPECT_EQ(event.price.mark, 1.33);
}

TEST_F(KrakenFuturesDecoder, IndicesAndContractsInCoinsAreLeftOut) {
    EXPECT_TRUE(decode({ticker("in_xbtusd", R"("last":80000)")}).empty());
    EXPECT_TRUE(decode({trade("PV_XRPXBT", "sell", "liquidation")}).empty());
}

TEST_F(KrakenFuturesDecoder, AListIsToldWhenItIsNewOrChanged) {
    const auto list = [&](const std::string& tradeable) {
        return decode(
            {response("instruments", listing("PI_XBTUSD", "futures_inverse", "1", tradeable))});
    };
    ASSERT_EQ(list("true").size(), 1U);
    EXPECT_TRUE(list("true").empty());
    const auto changed = list("false");
    ASSERT_EQ(changed.size(), 1U);
    EXPECT_EQ(changed[0].instrument_info.status, TradingStatus::halted);
    EXPECT_EQ(changed[0].instrument_info.contract, ContractType::inverse);
    EXPECT_EQ(text_of(changed[0].instrument_info.settle), "BTC");
}

TEST_F(KrakenFuturesDecoder, MessagesThatCannotBeReadAreRefusedWithAReason) {
    EXPECT_NE(refusal({"{"}).find("not a JSON message"), std::string::npos);
    EXPECT_EQ(refusal({"{}"}),
              "neither data (key 'feed') nor the answer to a request (key 'event')");
    EXPECT_EQ(refusal({R"({"feed":"book"})"}),
              "feed 'book' is not decoded; subscribe to trade, ticker, ticker_lite or heartbeat");
    EXPECT_EQ(refusal({R"({"event":"challenge"})"}), "event 'challenge' is not known");
    EXPECT_EQ(refusal({R"({"feed":"trade"})"}), "trade: product_id: expected a product id");
    EXPECT_EQ(refusal({trade("PF_XBTUSD", "long", "fill")}), "trade: side: expected buy or sell");
    EXPECT_EQ(refusal({trade("PF_XBTUSD", "buy", "gift")}),
              "trade: type 'gift'; expected fill, liquidation, assignment, termination or block");
    EXPECT_EQ(refusal({trade("PF_XBTUSD", "buy", "fill", "-1")}),
              "trade: qty: expected a number above 0");
    EXPECT_EQ(refusal({ticker("PF_XBTUSD", R"("markPrice":-1)")}),
              "ticker: markPrice: expected a price");
    EXPECT_EQ(refusal({ticker("PF_XBTUSD", R"("relative_funding_rate":7)")}),
              "ticker: relative_funding_rate: expected a fraction");
    EXPECT_EQ(refusal({response("orderbook", "{}")}),
              "poll 'orderbook' is not decoded; those that are: instruments, tickers");
    EXPECT_NE(refusal({response("instruments", listing("PF_XBTUSD", "futures_inverse"))})
                  .find("type 'futures_inverse'; its id means flexible_futures"),
              std::string::npos);
}

TEST_F(KrakenFuturesDecoder, AFrameWithABadRowIsTakenBackAsAWhole) {
    static_cast<void>(
        refusal({R"({"feed":"trade_snapshot","trades":[)" + trade("PF_XBTUSD", "sell", "gift") +
                 "," + trade("PF_XBTUSD", "sell", "liquidation") + "]}"}));
}

TEST_F(KrakenFuturesDecoder, ConnectionsRefusalsAndFailedPollsAreTold) {
    const auto state = [&](const TestFrame& frame) {
        return decode_one(frame).source_status.state;
    };
    EXPECT_TRUE(decode(change(FrameType::opened)).empty());
    EXPECT_EQ(state(change(FrameType::subscribed)), FeedState::connected);
    const Event refused =
        decode_one({R"({"event":"subscribed_failed","feed":"trade","product_ids":["PF_XBTUSD"]})"});
    EXPECT_EQ(refused.source_status.about, Kind::liquidation);
    EXPECT_FALSE(decode_one({R"({"event":"error","message":"Invalid product id"})"})
                     .has(field::source_status::about));
    EXPECT_EQ(state(change(FrameType::closed, "lost")), FeedState::disconnected);
    const Event failed =
        decode_one(response("instruments", R"({"result":"error","error":"apiLimitExceeded"})"));
    EXPECT_EQ(failed.source_status.about, Kind::instrument);
    EXPECT_EQ(decode(response("instruments", R"({"result":"success","instruments":[]})"))[0]
                  .source_status.state,
              FeedState::resumed);
}

TEST_F(KrakenFuturesDecoder, HeartbeatsAndAnswersSayNothing) {
    for (const char* text :
         {R"({"feed":"heartbeat","time":1534262350627})", R"({"event":"info","version":1})",
          R"({"event":"subscribed","feed":"trade","product_ids":["PF_XBTUSD"]})",
          R"({"event":"alert","message":"Already subscribed to feed, re-requesting"})"}) {
        EXPECT_TRUE(decode({text}).empty()) << text;
    }
}

TEST_F(KrakenFuturesDecoder, AnotherDecoderTakesTheStateOver) {
    const TestFrame list = response("instruments", listing("PF_XBTUSD", "flexible_futures", "10"));
    static_cast<void>(decode(list));
    StateWriter writer;
    kraken.decoder.fields(writer);
    FrameDriver<KrakenFutures> other("kraken_futures");
    StateReader reader(writer.bytes());
    other.decoder.fields(reader);
    ASSERT_TRUE(reader.ok());
    other.step({list, {trade("PF_XBTUSD", "sell", "liquidation", "2")}});
    ASSERT_EQ(other.events.size(), 1U) << "the list is no news";
    EXPECT_DOUBLE_EQ(other.events[0].liquidation.quantity, 20);
    EXPECT_EQ(text_of(other.events[0].instrument), "BTC/USD:USD");
}

}  // namespace
}  // namespace spillway::kraken_futures
