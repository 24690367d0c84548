#include "plugin.hpp"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include <spillway/fields.hpp>
#include <spillway/state.hpp>
#include <spillway/testing/frame_driver.hpp>

namespace spillway::bybit {
namespace {

using testing::change;
using testing::FrameDriver;
using testing::response;
using testing::TestFrame;

std::string all_liquidation(const std::string& rows) {
    return R"({"topic":"allLiquidation.BTCUSDT","type":"snapshot","ts":1791565601482,"data":[)" +
           rows + "]}";
}
std::string row(const std::string& symbol, const std::string& side = "Buy") {
    return R"({"T":1791565600992,"s":")" + symbol + R"(","S":")" + side +
           R"(","v":"0.5","p":"82396.90"})";
}
std::string ticker(const std::string& type, const std::string& fields,
                   std::int64_t millis = 1'791'091'006'483) {
    return R"({"topic":"tickers.BTCUSDT","type":")" + type + R"(","data":{"symbol":"BTCUSDT")" +
           fields + R"(},"cs":1,"ts":)" + std::to_string(millis) + "}";
}

class BybitDecoder : public ::testing::Test {
protected:
    FrameDriver<Bybit> bybit{"bybit"};

    Event decode_one(const std::string& line) {
        const std::size_t before = bybit.events.size();
        bybit.step({{line}});
        EXPECT_EQ(bybit.events.size(), before + 1)
            << (bybit.refusals.empty() ? "" : bybit.refusals.back());
        return bybit.events.size() == before ? Event{} : bybit.events[before];
    }
    std::string refusal(const TestFrame& frame) {
        const std::size_t before = bybit.refusals.size();
        const std::size_t events = bybit.events.size();
        bybit.step({frame});
        EXPECT_EQ(bybit.refusals.size(), before + 1) << frame.bytes;
        EXPECT_EQ(bybit.events.size(), events);
        return bybit.refusals.size() == before ? "" : bybit.refusals.back();
    }
    std::string_view reason(const Event& event) const {
        return bybit.batch->text(event, event.source_status.reason);
    }
};

TEST_F(BybitDecoder, BuyIsALongThatWasLiquidatedAtItsBankruptcyPrice) {
    const Event event = decode_one(all_liquidation(row("BTCUSDT")));
    EXPECT_EQ(event.kind(), Kind::liquidation);
    EXPECT_EQ(event.event_time, 1'791'565'600'992 * millisecond);
    EXPECT_EQ(text_of(event.venue), "bybit");
    EXPECT_EQ(text_of(event.instrument), "BTC/USDT:USDT");
    EXPECT_EQ(event.market, MarketId::none);
    EXPECT_EQ(event.liquidation.side, Side::long_position);
    EXPECT_EQ(event.liquidation.price, 82396.90);
    EXPECT_EQ(event.liquidation.quantity, 0.5);
    EXPECT_EQ(event.liquidation.notional, 0.5 * 82396.90);
    EXPECT_EQ(event.liquidation.price_kind, PriceKind::bankruptcy);
    EXPECT_EQ(event.liquidation.completeness, Completeness::complete);
    EXPECT_EQ(decode_one(all_liquidation(row("BTCUSDT", "Sell"))).liquidation.side,
              Side::short_position);
}

TEST_F(BybitDecoder, OldIntegersGiveWayToDecimalsAndAreNotBelievedOfCheapCoins) {
    const auto info = [](const std::string& symbol, const std::string& fields) {
        return R"({"topic":"instrument_info.100ms.)" + symbol +
               R"(","type":"snapshot","data":{"symbol":")" + symbol + '"' + fields +
               R"(},"cross_seq":1,"timestamp_e6":1654161577978011})";
    };
    const Event both =
        decode_one(info("XLMUSDT", R"(,"last_price":"0.28765","last_price_e4":"28765")"));
    EXPECT_EQ(both.price.last, 0.28765);
    EXPECT_EQ(both.event_time, 1'654'161'577'978'011 * microsecond);
    EXPECT_EQ(decode_one(info("BTCUSDT", R"(,"last_price_e4":"299590000")")).price.last, 29959);
    EXPECT_EQ(decode_one(info("EOSUSD", R"(,"last_price_e4":33125)")).price.last, 3.3125);
    const std::size_t events = bybit.events.size();
    bybit.step({{info("XLMUSDT", R"(,"last_price_e4":"28765")")}});
    EXPECT_EQ(bybit.events.size(), events);
    EXPECT_TRUE(bybit.refusals.empty());
    EXPECT_NE(refusal({info("BTCUSDT", R"(,"next_funding_time":"soon")")}).find("2019-11-06T16"),
              std::string::npos);
}

TEST_F(BybitDecoder, SizesOfInverseContractsAreDollars) {
    for (const char* symbol : {"BTCUSD", "BTCUSDZ25"}) {
        const Event event = decode_one(all_liquidation(row(symbol)));
        EXPECT_EQ(event.liquidation.notional, 0.5);
        EXPECT_DOUBLE_EQ(event.liquidation.quantity, 0.5 / 82396.90);
    }
}

TEST_F(BybitDecoder, TheOldFeedIsSampledAndMeansTheSameSide) {
    const Event event = decode_one(
        R"({"topic":"liquidation.BTCUSDT","type":"snapshot","ts":1703485237953,"data":{"updatedTime":1703485237953,"symbol":"BTCUSDT","side":"Buy","size":"0.003","price":"43511.70"}})");
    EXPECT_EQ(event.liquidation.side, Side::long_position);
    EXPECT_EQ(event.liquidation.completeness, Completeness::sampled);
    EXPECT_DOUBLE_EQ(event.liquidation.notional, 0.003 * 43511.70);
}

TEST_F(BybitDecoder, EqualRowsOfOneFrameAreDifferentOrders) {
    const std::string twice = all_liquidation(row("BTCUSDT") + "," + row("BTCUSDT"));
    bybit.step({{twice}});
    bybit.step({{twice, FrameType::data, "", 0, 2}});
    ASSERT_EQ(bybit.events.size(), 4U);
    EXPECT_NE(bybit.events[0].id, bybit.events[1].id);
    EXPECT_EQ(bybit.events[0].id, bybit.events[2].id);
    EXPECT_EQ(bybit.events[1].id, bybit.events[3].id);
}

TEST_F(BybitDecoder, ARowThatCannotBeReadTakesTheWholeFrameBack) {
    bybit.step({{all_liquidation(row("ETHUSDT"))},
                {all_liquidation(row("BTCUSDT") + "," + row("ETHBTC"))}});
    EXPECT_EQ(bybit.events.size(), 1U);
    EXPECT_EQ(bybit.books.dead_lettered, 1U);
    EXPECT_NE(bybit.refusals[0].find("cannot tell the value of 'ETHBTC'"), std::string::npos);
}

TEST_F(BybitDecoder, RefusesDamagedMessagesAndSaysWhy) {
    const std::string good = all_liquidation(row("BTCUSDT"));
    const auto with = [&](const std::string& from, const std::string& to) {
        std::string line = good;
        return refusal({line.replace(line.find(from), from.size(), to)});
    };
    EXPECT_NE(refusal({""}).find("not a JSON message"), std::string::npos);
    EXPECT_NE(refusal({"[]"}).find("not a JSON message"), std::string::npos);
    EXPECT_NE(refusal({good.substr(0, good.size() - 9)}).find("JSON"), std::string::npos);
    EXPECT_NE(with("BTCUSDT\",\"S", "BTC\xC3\x28USDT\",\"S").find("JSON"), std::string::npos);
    EXPECT_NE(with("\"Buy\"", "\"Hold\"").find("S: expected Buy or Sell"), std::string::npos);
    EXPECT_NE(with("\"Buy\"", "7").find("S: expected Buy or Sell"), std::string::npos);
    EXPECT_NE(with("82396.90", "").find("p: expected a number above 0"), std::string::npos);
    EXPECT_NE(with("82396.90", "-1").find("p: expected a number above 0"), std::string::npos);
    EXPECT_NE(with("\"0.5\"", "\"NaN\"").find("v: expected a number above 0"), std::string::npos);
    EXPECT_NE(with("\"0.5\"", "[]").find("v: expected a number above 0"), std::string::npos);
    EXPECT_NE(with("1791565600992", "1791565600").find("T: expected milliseconds"),
              std::string::npos);
    EXPECT_NE(with("\"T\":1791565600992,", "").find("T: expected milliseconds"), std::string::npos);
    EXPECT_NE(with("allLiquidation", "kline.1").find("'kline.1.BTCUSDT' is not decoded"),
              std::string::npos);
    EXPECT_NE(refusal({R"({"hello":1})"}).find("neither data"), std::string::npos);
}

TEST_F(BybitDecoder, ADeltaChangesWhatTheSnapshotSaid) {
    bybit.step({{ticker("snapshot",
                        R"(,"lastPrice":"100","markPrice":"101","indexPrice":"102",)"
                        R"("turnover24h":"5000","openInterest":"40","openInterestValue":"4000",)"
                        R"("fundingRate":"0.0001","nextFundingTime":"1791100800000",)"
                        R"("fundingIntervalHour":"4")")}});
    ASSERT_EQ(bybit.events.size(), 3U);
    const Event funding = bybit.events[2];
    EXPECT_EQ(funding.funding_rate.rate, 0.0001);
    EXPECT_EQ(funding.funding_rate.rate_interval_hours, 4);
    EXPECT_EQ(funding.funding_rate.next_funding_time, 1'791'100'800 * second);
    EXPECT_FALSE(funding.funding_rate.settled);

    const Event price =
        decode_one(ticker("delta", R"(,"markPrice":"103","bid1Price":"1")", 1'791'091'006'583));
    EXPECT_EQ(price.kind(), Kind::price);
    EXPECT_EQ(price.price.mark, 103);
    EXPECT_EQ(price.price.last, 100);
    EXPECT_EQ(price.price.volume_usd, 5000);
    bybit.step({{ticker("delta", R"(,"bid1Price":"2")", 1'791'091'006'683)},
                {ticker("delta", R"(,"markPrice":"103")", 1'791'091'006'783)}});
    EXPECT_EQ(bybit.events.size(), 4U) << "nothing changed";
}

TEST_F(BybitDecoder, UnchangedValuesAreSaidAgainAfterAMinute) {
    bybit.step({{ticker("snapshot", R"(,"markPrice":"101","fundingRate":"0.0001")")},
                {ticker("delta", R"(,"bid1Price":"2")", 1'791'091'066'482)},
                {ticker("delta", R"(,"bid1Price":"3")", 1'791'091'066'483)}});
    ASSERT_EQ(bybit.events.size(), 4U);
    EXPECT_EQ(bybit.events[2].kind(), Kind::price);
    EXPECT_EQ(bybit.events[3].kind(), Kind::funding_rate);
    EXPECT_EQ(bybit.events[3].event_time, 1'791'091'066'483 * millisecond);
}

TEST_F(BybitDecoder, ASnapshotAndAReconnectForgetWhatWasKnown) {
    const std::string whole = ticker("snapshot", R"(,"lastPrice":"100","markPrice":"101")");
    bybit.step({{whole}});
    EXPECT_FALSE(decode_one(ticker("snapshot", R"(,"markPrice":"105")")).has(field::price::last));
    bybit.step({{whole}, change(FrameType::closed)});
    bybit.step({{ticker("delta", R"(,"markPrice":"106")")}});
    EXPECT_EQ(bybit.events.back().kind(), Kind::price);
    EXPECT_FALSE(bybit.events.back().has(field::price::last));
    bybit.step({{whole}});
    bybit.step({{ticker("delta", R"(,"markPrice":"107")"), FrameType::data, "", 0, 2}});
    EXPECT_FALSE(bybit.events.back().has(field::price::last)) << "another session";
    bybit.step({{whole}});
    bybit.step({{ticker("delta", R"(,"markPrice":"108")", 1'791'091'006'483 + 601'000)}});
    EXPECT_FALSE(bybit.events.back().has(field::price::last)) << "messages are missing";
}

TEST_F(BybitDecoder, OpenInterestIsThatOfOneSideWhereTheVenueTells) {
    bybit.step(
        {{ticker("snapshot", R"(,"openInterest":"80","openInterestValue":"8000",)"
                             R"("singleOpenInterest":"40","singleOpenInterestValue":"4000")")},
         {ticker("delta", R"(,"openInterest":"82","openInterestValue":"8200")")}});
    ASSERT_EQ(bybit.events.size(), 2U);
    EXPECT_EQ(bybit.events[0].open_interest.base, 40);
    EXPECT_EQ(bybit.events[0].open_interest.notional, 4000);
    EXPECT_EQ(bybit.events[1].open_interest.base, 41);
    EXPECT_EQ(bybit.events[1].open_interest.notional, 4100);
}

TEST_F(BybitDecoder, ATickerOfTheSpotMarketIsRefused) {
    EXPECT_NE(refusal({ticker("snapshot", R"(,"lastPrice":"1","usdIndexPrice":"1")")})
                  .find("spot market"),
              std::string::npos);
}

TEST_F(BybitDecoder, ARefusedSubscriptionIsAGapOfWhatItWasAbout) {
    bybit.step(
        {change(FrameType::opened),
         {R"({"success":false,"ret_msg":"error:handler not found,topic:allLiquidation.XYZ","op":"subscribe"})"},
         change(FrameType::subscribed)});
    ASSERT_EQ(bybit.events.size(), 3U);
    const Event& refused = bybit.events[0];
    EXPECT_EQ(refused.source_status.state, FeedState::gap);
    EXPECT_EQ(refused.source_status.about, Kind::liquidation);
    EXPECT_NE(reason(refused).find("handler not found"), std::string::npos);
    EXPECT_EQ(bybit.events[1].source_status.state, FeedState::resumed);
    EXPECT_EQ(bybit.events[1].source_status.about, Kind::liquidation);
    EXPECT_EQ(bybit.events[2].source_status.state, FeedState::connected);
    EXPECT_FALSE(bybit.events[2].has(field::source_status::about));
}

TEST_F(BybitDecoder, APollWithoutAnAnswerIsAGapUntilItIsAnswered) {
    const std::string poll = "account-ratio?category=linear&period=5min&symbol=BTCUSDT";
    bybit.step(
        {response(poll, "Too many visits", 403),
         response(poll, R"({"retCode":10006,"retMsg":"Too many visits!","result":{}})"),
         response(poll,
                  R"({"retCode":0,"retMsg":"OK","result":{"list":[]},"time":1731567491688})")});
    ASSERT_EQ(bybit.events.size(), 3U);
    EXPECT_EQ(bybit.events[0].source_status.about, Kind::long_short_ratio);
    EXPECT_EQ(reason(bybit.events[0]), "account-ratio: HTTP 403: Too many visits");
    EXPECT_EQ(reason(bybit.events[1]), "account-ratio: retCode 10006: Too many visits!");
    EXPECT_EQ(bybit.events[2].source_status.state, FeedState::resumed);
}

TEST_F(BybitDecoder, RefusesAnswersItCannotRead) {
    EXPECT_NE(refusal(response("tickers?category=linear", "<html>")).find("not a JSON"),
              std::string::npos);
    EXPECT_NE(refusal(response("kline?symbol=BTCUSDT", "{}")).find("poll 'kline'"),
              std::string::npos);
    EXPECT_NE(
        refusal(
            response(
                "tickers?category=option",
                R"({"retCode":0,"result":{"category":"option","list":[]},"time":1731567491688})"))
            .find("category 'option'"),
        std::string::npos);
    EXPECT_NE(
        refusal(
            response(
                "account-ratio?category=linear",
                R"({"retCode":0,"result":{"list":[{"symbol":"BTCUSDT","buyRatio":"1","sellRatio":"0","timestamp":"1696262400000"}]},"time":1731567491688})"))
            .find("sellRatio"),
        std::string::npos);
}

TEST_F(BybitDecoder, RowsOfAPollLeaveOldestFirst) {
    bybit.step({response(
        "account-ratio?category=linear&period=1h&symbol=BTCUSDT",
        R"({"retCode":0,"result":{"list":[{"symbol":"BTCUSDT","buyRatio":"0.6","sellRatio":"0.4","timestamp":"1696262400000"},{"symbol":"BTCUSDT","buyRatio":"0.5","sellRatio":"0.5","timestamp":"1696258800000"}]},"time":1731567491688})")});
    ASSERT_EQ(bybit.events.size(), 2U);
    EXPECT_LT(bybit.events[0].event_time, bybit.events[1].event_time);
    EXPECT_EQ(bybit.events[0].long_short_ratio.ratio, 1);
    EXPECT_EQ(bybit.events[1].long_short_ratio.interval, hour);
    EXPECT_EQ(bybit.events[1].long_short_ratio.population, Population::global_accounts);
}

std::string listing(const std::string& status) {
    return R"({"retCode":0,"result":{"list":[{"symbol":"FOOBAR","contractType":"InversePerpetual","status":")" +
           status +
           R"(","baseCoin":"FOO","quoteCoin":"USD","settleCoin":"FOO","fundingInterval":240,"priceFilter":{"tickSize":"0.5"}}]},"time":1731567491688})";
}

TEST_F(BybitDecoder, TheInstrumentListNamesContractsAndIsSaidWhenItChanges) {
    const std::string poll = "instruments-info?category=inverse";
    EXPECT_NE(refusal({all_liquidation(row("FOOBAR"))}).find("cannot tell"), std::string::npos);
    bybit.step({response(poll, listing("Trading")), response(poll, listing("Trading")),
                response(poll, listing("Closed"))});
    ASSERT_EQ(bybit.events.size(), 2U);
    EXPECT_EQ(bybit.events[0].instrument_info.funding_interval_hours, 4);
    EXPECT_EQ(bybit.events[0].instrument_info.contract, ContractType::inverse);
    EXPECT_EQ(bybit.events[1].instrument_info.status, TradingStatus::settled);
    const Event event = decode_one(all_liquidation(row("FOOBAR")));
    EXPECT_EQ(text_of(event.instrument), "FOO/USD:FOO");
    EXPECT_EQ(event.liquidation.notional, 0.5);
}

TEST_F(BybitDecoder, ItsStateGoesOnInAnotherProcess) {
    bybit.step({{ticker("snapshot", R"(,"lastPrice":"100","markPrice":"101")")},
                response("instruments-info?category=inverse", listing("Trading")),
                change(FrameType::gap, "lost")});
    StateWriter writer;
    bybit.decoder.fields(writer);

    FrameDriver<Bybit> restored("bybit");
    StateReader reader(writer.bytes());
    restored.decoder.fields(reader);
    ASSERT_TRUE(reader.ok());
    restored.step({{all_liquidation(row("FOOBAR"))}, change(FrameType::subscribed)});
    ASSERT_EQ(restored.events.size(), 2U);
    EXPECT_EQ(text_of(restored.events[0].instrument), "FOO/USD:FOO");
    EXPECT_EQ(restored.events[1].source_status.state, FeedState::resumed);
    bybit.step({{all_liquidation(row("FOOBAR"))}, change(FrameType::subscribed)});
    EXPECT_EQ(bybit.events[bybit.events.size() - 2].id, restored.events[0].id);

    FrameDriver<Bybit> mid("bybit");
    FrameDriver<Bybit> whole("bybit");
    whole.step({{ticker("snapshot", R"(,"lastPrice":"100","markPrice":"101")")}});
    StateWriter state;
    whole.decoder.fields(state);
    StateReader read(state.bytes());
    mid.decoder.fields(read);
    mid.step({{ticker("delta", R"(,"markPrice":"102")")}});
    ASSERT_EQ(mid.events.size(), 1U);
    EXPECT_EQ(mid.events[0].price.last, 100) << "the snapshot was before the restart";
}

TEST_F(BybitDecoder, TheRawFormIsTheFrameItself) {
    const std::string line = all_liquidation(row("BTCUSDT"));
    bybit.step({{all_liquidation(row("ETHUSDT"))}, {line}});
    EXPECT_EQ(bybit.batch->raw((*bybit.batch)[1]), line);
}

TEST(BybitIds, AreMadeOnlyWhereSomebodyNeedsThem) {
    FrameDriver<Bybit> bybit("bybit", false);
    bybit.step({{all_liquidation(row("BTCUSDT"))}});
    EXPECT_FALSE(bybit.events[0].id);
}

}  // namespace
}  // namespace spillway::bybit
