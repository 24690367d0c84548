#include "plugin.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <spillway/fields.hpp>
#include <spillway/state.hpp>
#include <spillway/testing/frame_driver.hpp>

namespace spillway::okx {
namespace {

using testing::change;
using testing::FrameDriver;
using testing::response;
using testing::TestFrame;

std::string order(const std::string& side, const std::string& position,
                  const std::string& contracts = "8.55") {
    return R"({"bkLoss":"0","bkPx":"80000","ccy":"","posSide":")" + position + R"(","side":")" +
           side + R"(","sz":")" + contracts + R"(","ts":"1791565600771"})";
}
std::string orders(const std::string& id, const std::string& details) {
    return R"({"arg":{"channel":"liquidation-orders","instType":"SWAP"},"data":[{"details":[)" +
           details + R"(],"instFamily":"x","instId":")" + id +
           R"(","instType":"SWAP","uly":"x"}]})";
}
std::string listing(const std::string& id, const std::string& type, const std::string& size,
                    const std::string& currency, const std::string& multiplier = "1") {
    return R"({"code":"0","msg":"","data":[{"instId":")" + id + R"(","ctType":")" + type +
           R"(","ctVal":")" + size + R"(","ctMult":")" + multiplier + R"(","ctValCcy":")" +
           currency + R"(","settleCcy":"USDT","state":"live","tickSz":"0.1"}]})";
}
std::string message(const std::string& channel, const std::string& row) {
    return R"({"arg":{"channel":")" + channel + R"(","instId":"x"},"data":[)" + row + "]}";
}

class OkxDecoder : public ::testing::Test {
protected:
    FrameDriver<Okx> okx{"okx"};

    void SetUp() override {
        okx.step({response("instruments", listing("BTC-USDT-SWAP", "linear", "0.01", "BTC")),
                  response("instruments", listing("BTC-USD-SWAP", "inverse", "100", "USD"))});
        ASSERT_EQ(okx.events.size(), 2U);
    }
    Event decode_one(const TestFrame& frame) {
        const std::size_t before = okx.events.size();
        okx.step({frame});
        EXPECT_EQ(okx.events.size(), before + 1)
            << (okx.refusals.empty() ? "" : okx.refusals.back());
        return okx.events.size() == before ? Event{} : okx.events[before];
    }
    std::string refusal(const TestFrame& frame) {
        const std::size_t before = okx.refusals.size();
        const std::size_t events = okx.events.size();
        okx.step({frame});
        EXPECT_EQ(okx.refusals.size(), before + 1) << frame.bytes;
        EXPECT_EQ(okx.events.size(), events);
        return okx.refusals.size() == before ? "" : okx.refusals.back();
    }
    void expect_nothing(const TestFrame& frame) {
        const std::size_t before = okx.events.size();
        okx.step({frame});
        EXPECT_EQ(okx.events.size(), before);
        EXPECT_TRUE(okx.refusals.empty());
    }
};

TEST_F(OkxDecoder, ASaleClosesALongWorthContractsTimesSize) {
    const Event event = decode_one({orders("BTC-USDT-SWAP", order("sell", "long"))});
    EXPECT_EQ(event.event_time, 1'791'565'600'771 * millisecond);
    EXPECT_EQ(text_of(event.instrument), "BTC/USDT:USDT");
    EXPECT_EQ(event.market, MarketId::none);
    EXPECT_EQ(event.liquidation.side, Side::long_position);
    EXPECT_DOUBLE_EQ(event.liquidation.quantity, 0.0855);
    EXPECT_DOUBLE_EQ(event.liquidation.notional, 6840);
    EXPECT_EQ(event.liquidation.price_kind, PriceKind::bankruptcy);
    EXPECT_EQ(event.liquidation.completeness, Completeness::sampled);
}

TEST_F(OkxDecoder, ContractsOfAnInverseInstrumentAreDollars) {
    const Event event = decode_one({orders("BTC-USD-SWAP", order("buy", "short", "4"))});
    EXPECT_EQ(event.liquidation.side, Side::short_position);
    EXPECT_EQ(event.liquidation.notional, 400);
    EXPECT_EQ(event.liquidation.quantity, 0.005);
}

TEST_F(OkxDecoder, TheMultiplierIsPartOfTheSize) {
    okx.step({response("instruments", listing("ETH-USDT-SWAP", "linear", "0.1", "ETH", "10"))});
    EXPECT_EQ(
        decode_one({orders("ETH-USDT-SWAP", order("sell", "long", "2"))}).liquidation.quantity, 2);
}

TEST_F(OkxDecoder, InNetModeTheOrderTellsTheSide) {
    for (const char* position : {"net", ""}) {
        EXPECT_EQ(decode_one({orders("BTC-USDT-SWAP", order("sell", position))}).liquidation.side,
                  Side::long_position);
        EXPECT_EQ(decode_one({orders("BTC-USDT-SWAP", order("buy", position))}).liquidation.side,
                  Side::short_position);
    }
    EXPECT_NE(refusal({orders("BTC-USDT-SWAP", order("buy", "long"))}).find("posSide 'long'"),
              std::string::npos);
}

TEST_F(OkxDecoder, AnOrderOfUnknownSizeIsRefusedUntilTheListCame) {
    const TestFrame frame{orders("LA-USDT-SWAP", order("sell", "long"))};
    EXPECT_NE(refusal(frame).find("contract size of 'LA-USDT-SWAP' is not known"),
              std::string::npos);
    okx.step({response("instruments", listing("LA-USDT-SWAP", "linear", "10", "LA"))});
    EXPECT_EQ(decode_one(frame).liquidation.quantity, 85.5);
}

TEST_F(OkxDecoder, OtherMarketsOfTheSameStreamAreLeftOut) {
    expect_nothing({orders("BTC-USD_UM_XPERP-310404", order("sell", "long"))});
    expect_nothing({orders("BTC-USDT", order("sell", ""))});
    expect_nothing(
        {message("tickers", R"({"instId":"BTC-USDT","last":"1","ts":"1652459228401"})")});
}

TEST_F(OkxDecoder, EqualRowsOfOneFrameAreDifferentOrdersAndKeepTheirIds) {
    const TestFrame frame{
        orders("BTC-USDT-SWAP", order("sell", "long") + "," + order("sell", "long"))};
    TestFrame again = frame;
    again.session = 2;
    again.receive_time += minute;
    okx.step({frame, again});
    ASSERT_EQ(okx.events.size(), 6U);
    EXPECT_NE(okx.events[2].id, okx.events[3].id);
    EXPECT_EQ(okx.events[2].id, okx.events[4].id);
    EXPECT_EQ(okx.events[3].id, okx.events[5].id);
}

TEST_F(OkxDecoder, APollOfLiquidationsGivesTheIdsOfTheStream) {
    const Event streamed = decode_one({orders("BTC-USDT-SWAP", order("sell", "long"))});
    const Event polled = decode_one(response(
        "liquidation-orders?instType=SWAP&state=filled&uly=BTC-USDT",
        R"({"code":"0","msg":"","data":[{"details":[)" + order("sell", "long") +
            R"(],"instId":"BTC-USDT-SWAP","instType":"SWAP","totalLoss":"0","uly":"BTC-USDT"}]})"));
    EXPECT_EQ(streamed.id, polled.id);
}

TEST_F(OkxDecoder, RefusesDamagedMessagesAndSaysWhy) {
    const std::string good = orders("BTC-USDT-SWAP", order("sell", "long"));
    const auto with = [&](const std::string& from, const std::string& to) {
        std::string line = good;
        return refusal({line.replace(line.find(from), from.size(), to)});
    };
    EXPECT_NE(refusal({""}).find("not a JSON message"), std::string::npos);
    EXPECT_NE(refusal({"ping"}).find("not a JSON message"), std::string::npos);
    EXPECT_NE(refusal({good.substr(0, good.size() - 9)}).find("JSON"), std::string::npos);
    EXPECT_NE(with("USDT-SWAP", "USDT\xC3\x28-SWAP").find("JSON"), std::string::npos);
    EXPECT_NE(with("80000", "").find("bkPx: expected"), std::string::npos);
    EXPECT_NE(with("\"80000\"", "{}").find("bkPx: not a number"), std::string::npos);
    EXPECT_NE(with("8.55", "-1").find("sz: expected"), std::string::npos);
    EXPECT_NE(with("1791565600771", "1791565600").find("ts: 1791565600 is not"), std::string::npos);
    EXPECT_NE(with("\"sell\"", "7").find("side: expected"), std::string::npos);
    EXPECT_NE(with("details", "detail").find("details: expected"), std::string::npos);
    EXPECT_NE(with("\"instId\"", "\"instID\"").find("instId: expected"), std::string::npos);
    EXPECT_NE(with("liquidation-orders", "candle1m").find("'candle1m' is not decoded"),
              std::string::npos);
    EXPECT_NE(refusal({R"({"hello":1})"}).find("neither data"), std::string::npos);
    EXPECT_NE(refusal({R"({"arg":7})"}).find("arg: expected"), std::string::npos);
    EXPECT_NE(refusal({R"({"arg":{"channel":"trades"} "data":[]})"}).find("JSON"),
              std::string::npos);
}

TEST_F(OkxDecoder, AFundingRateCoversTheTimeBetweenTwoSettlements) {
    const Event event = decode_one({message(
        "funding-rate",
        R"({"fundingRate":"0.0002","fundingTime":"1700726400000","instId":"BTC-USD-SWAP","nextFundingTime":"1700740800000","ts":"1700724675402"})")});
    EXPECT_EQ(event.funding_rate.rate, 0.0002);
    EXPECT_EQ(event.funding_rate.rate_interval_hours, 4);
    EXPECT_EQ(event.funding_rate.next_funding_time, 1'700'726'400 * second);
    EXPECT_FALSE(event.funding_rate.settled);
}

TEST_F(OkxDecoder, RowsOfWhatIsNotDecodedAreNotJudged) {
    const std::string funding = R"({"fundingRate":"x","fundingTime":"1","instId":")";
    expect_nothing({message("funding-rate", funding + R"(BTC-USD_UM-SWAP"})")});
    EXPECT_NE(refusal({message("funding-rate", funding + R"(BTC-USD-SWAP"})")})
                  .find("fundingRate: not a number"),
              std::string::npos);
}

TEST_F(OkxDecoder, SingleOrdersWithoutAnInstrumentLeaveNoTrace) {
    const auto state = [&] {
        StateWriter writer;
        okx.decoder.fields(writer);
        return std::vector(writer.bytes().begin(), writer.bytes().end());
    };
    const auto before = state();
    for (const char* id : {R"()", R"(,"instId":"")"}) {
        expect_nothing({R"({"arg":{"channel":"liquidations")" + std::string(id) + R"(},"data":[)" +
                        order("sell", "long") + "]}"});
    }
    EXPECT_EQ(state(), before);
}

TEST_F(OkxDecoder, AFundingMessageWithoutARateIsNoZero) {
    expect_nothing({message(
        "funding-rate",
        R"({"fundingTime":"1640851200000","instId":"BTC-USD-SWAP","nextFundingRate":"0.0003"})")});
    expect_nothing(
        {message("funding-rate",
                 R"({"fundingRate":"","fundingTime":"1640851200000","instId":"BTC-USD-SWAP"})")});
}

TEST_F(OkxDecoder, WithoutATimeFundingIsOfItsFirstSightWithOneId) {
    const std::string line = message(
        "funding-rate",
        R"({"fundingRate":"0.0001","fundingTime":"1646323200000","instId":"BTC-USD-SWAP"})");
    const Event first = decode_one({line});
    EXPECT_EQ(first.event_time, first.receive_time);
    TestFrame later{line};
    later.receive_time += hour;
    EXPECT_EQ(decode_one(later).id, first.id);
}

TEST_F(OkxDecoder, OpenInterestOfInverseContractsHasItsDollars) {
    const Event event = decode_one({message(
        "open-interest",
        R"({"instId":"BTC-USD-SWAP","oi":"4092973","oiCcy":"13840.05","ts":"1654348683853"})")});
    EXPECT_EQ(event.open_interest.contracts, 4092973);
    EXPECT_EQ(event.open_interest.base, 13840.05);
    EXPECT_EQ(event.open_interest.notional, 409297300);
    EXPECT_FALSE(
        decode_one(
            {message("open-interest",
                     R"({"instId":"BTC-USDT-SWAP","oi":"7","oiCcy":"0.07","ts":"1654348683853"})")})
            .has(field::open_interest::notional));
}

TEST_F(OkxDecoder, TopTradersAreAnotherPopulation) {
    const auto ratio = [&](const std::string& poll) {
        return decode_one(response(poll + "?instId=BTC-USDT-SWAP&period=5m",
                                   R"({"code":"0","msg":"","data":[["1701417600000","1.17"]]})"))
            .long_short_ratio;
    };
    EXPECT_EQ(ratio("long-short-account-ratio-contract").population, Population::global_accounts);
    EXPECT_EQ(ratio("long-short-account-ratio-contract-top-trader").population,
              Population::top_accounts);
    const auto positions = ratio("long-short-position-ratio-contract-top-trader");
    EXPECT_EQ(positions.population, Population::top_positions);
    EXPECT_EQ(positions.ratio, 1.17);
    EXPECT_EQ(positions.interval, 5 * minute);
}

TEST_F(OkxDecoder, RefusesStatisticsItCannotRead) {
    const auto ratio = [&](const std::string& parameters, const std::string& rows) {
        return refusal(response("long-short-account-ratio-contract?" + parameters,
                                R"({"code":"0","msg":"","data":)" + rows + "}"));
    };
    EXPECT_NE(ratio("period=5m", R"([["1701417600000","1"]])").find("instId"), std::string::npos);
    EXPECT_NE(ratio("instId=BTC-USDT-SWAP", R"([["1701417600000"]])").find("a row of 1"),
              std::string::npos);
    EXPECT_NE(ratio("instId=BTC-USDT-SWAP", R"([["x","1"]])").find("rows of a time"),
              std::string::npos);
    EXPECT_NE(ratio("instId=BTC-USDT-SWAP", R"([7])").find("no JSON array"), std::string::npos);
    EXPECT_NE(ratio("instId=BTC-USDT-SWAP", "7").find("data: expected"), std::string::npos);
    EXPECT_NE(refusal(response("candles?instId=BTC-USDT-SWAP", "{}")).find("poll 'candles'"),
              std::string::npos);
    EXPECT_NE(refusal(response("instruments", listing("BTC-USDT-SWAP", "linear", "0.01", "USD")))
                  .find("a contract that is linear has its size in USD"),
              std::string::npos);
}

TEST_F(OkxDecoder, AListThatIsRefusedChangesNothing) {
    const std::string list =
        R"({"code":"0","data":[{"instId":"BTC-USDT-SWAP","ctType":"linear","ctVal":"5","ctValCcy":"BTC","state":"live"},{"instId":"ETH-USDT-SWAP","ctType":"odd"}]})";
    EXPECT_NE(refusal(response("instruments", list)).find("ctType"), std::string::npos);
    EXPECT_DOUBLE_EQ(
        decode_one({orders("BTC-USDT-SWAP", order("sell", "long"))}).liquidation.quantity, 0.0855);
}

TEST_F(OkxDecoder, WhatTheVenueRefusesIsAGap) {
    const Event refused = decode_one(
        {R"({"event":"error","msg":"Wrong URL or channel:liquidation-orders,instId:BTC-USDT-SWAP doesn't exist.","code":"60018","connId":"439535f1"})"});
    EXPECT_EQ(refused.source_status.state, FeedState::gap);
    EXPECT_EQ(refused.source_status.about, Kind::liquidation);
    const Event limited =
        decode_one(response("open-interest?instType=SWAP",
                            R"({"code":"50011","data":[],"msg":"Too Many Requests"})", 429));
    EXPECT_EQ(limited.source_status.state, FeedState::gap);
    EXPECT_EQ(limited.source_status.about, Kind::open_interest);
    const Event again =
        decode_one(response("open-interest?instType=SWAP", R"({"code":"0","data":[],"msg":""})"));
    EXPECT_EQ(again.source_status.state, FeedState::resumed);
    expect_nothing({"pong"});
    expect_nothing(
        {R"({"event":"notice","code":"64008","msg":"The connection will soon be closed"})"});
    expect_nothing({R"({"event":"channel-conn-count","channel":"trades","connCount":"2"})"});
}

TEST_F(OkxDecoder, ItsStateGoesOnInAnotherProcess) {
    okx.step({change(FrameType::gap, "lost")});
    StateWriter writer;
    okx.decoder.fields(writer);
    FrameDriver<Okx> restored("okx");
    StateReader reader(writer.bytes());
    restored.decoder.fields(reader);
    ASSERT_TRUE(reader.ok());
    restored.step(
        {{orders("BTC-USDT-SWAP", order("sell", "long"))}, change(FrameType::subscribed)});
    ASSERT_EQ(restored.events.size(), 2U);
    EXPECT_DOUBLE_EQ(restored.events[0].liquidation.quantity, 0.0855);
    EXPECT_EQ(restored.events[1].source_status.state, FeedState::resumed);
    okx.step({{orders("BTC-USDT-SWAP", order("sell", "long"))}, change(FrameType::subscribed)});
    EXPECT_EQ(okx.events[okx.events.size() - 2].id, restored.events[0].id);
}

TEST(OkxOptions, SizesServeWhereThereIsNoList) {
    FrameDriver<Okx> okx("okx");
    okx.decoder.options.contract_sizes = {{"ETH-USD-SWAP", 10}, {"ETH-USDT-SWAP", 0.1}};
    NodeSetup setup;
    setup.id = "okx";
    ASSERT_TRUE(okx.decoder.check().ok());
    ASSERT_TRUE(okx.decoder.start(setup).ok());
    okx.step({{orders("ETH-USD-SWAP", order("sell", "long", "2"))},
              {orders("ETH-USDT-SWAP", order("sell", "long", "2"))},
              response("instruments", listing("ETH-USDT-SWAP", "linear", "1", "ETH")),
              {orders("ETH-USDT-SWAP", order("sell", "long", "3"))}});
    ASSERT_EQ(okx.events.size(), 4U);
    EXPECT_EQ(okx.events[0].liquidation.notional, 20);
    EXPECT_EQ(okx.events[1].liquidation.quantity, 0.2);
    EXPECT_EQ(okx.events[3].liquidation.quantity, 3) << "the list knows better";
}

TEST(OkxOptions, NonsenseIsRefused) {
    FrameDriver<Okx> okx("okx");
    okx.decoder.options.contract_sizes = {{"BTCUSDT", 1}};
    EXPECT_NE(okx.decoder.check().message().find("'BTCUSDT' is no swap"), std::string::npos);
    okx.decoder.options.contract_sizes = {{"BTC-USDT-SWAP", 0}};
    EXPECT_NE(okx.decoder.check().message().find("expected a number above 0"), std::string::npos);
}

TEST_F(OkxDecoder, TablesOfV3ThatCannotBeReadSayWhy) {
    const auto table = [](const std::string& name, const std::string& row) {
        return TestFrame{R"({"table":")" + name + R"(","data":[)" + row + "]}"};
    };
    const std::string liquidation =
        R"({"loss":"0","size":"30","price":"22376.9","created_at":"2020-12-18T00:31:08.794Z",)"
        R"("type":"3","instrument_id":"BTC-USDT-SWAP"})";
    EXPECT_EQ(decode_one(table("swap/liquidation", liquidation)).liquidation.side,
              Side::long_position);
    const auto with = [&](const std::string& old, const std::string& now) {
        std::string row = liquidation;
        return table("swap/liquidation", row.replace(row.find(old), old.size(), now));
    };
    EXPECT_NE(refusal(with(R"("type":"3")", R"("type":"1")")).find("expected 3 or 4"),
              std::string::npos);
    EXPECT_NE(refusal(with("2020-12-18T00:31:08.794Z", "1608251468")).find("expected a time like"),
              std::string::npos);
    EXPECT_NE(refusal(with("BTC-USDT-SWAP", "SUSHI-USDT-SWAP")).find("contract_sizes"),
              std::string::npos);
    EXPECT_NE(refusal(table("swap/depth", liquidation)).find("table 'swap/depth' is not decoded"),
              std::string::npos);
    EXPECT_NE(refusal({R"({"table":"swap/ticker"})"}).find("data"), std::string::npos);
}

}  // namespace
}  // namespace spillway::okx
