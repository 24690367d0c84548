#include <string>

#include <gtest/gtest.h>

#include <spillway/testing/frame_driver.hpp>

#include "plugin.hpp"

namespace spillway::binance {
namespace {

using testing::FrameDriver;
using testing::response;
using testing::TestFrame;

/// What one frame becomes.
struct Decoded : FrameDriver<Binance> {
    explicit Decoded(std::string bytes) : Decoded(TestFrame{std::move(bytes)}) {}
    explicit Decoded(TestFrame frame) : FrameDriver("binance") { step({std::move(frame)}); }

    [[nodiscard]] Event one() const {
        EXPECT_EQ(events.size(), 1U) << (refusals.empty() ? "" : refusals[0]);
        return events.empty() ? Event{} : events[0];
    }
    [[nodiscard]] std::string reason() const {
        EXPECT_TRUE(events.empty());
        EXPECT_EQ(refusals.size(), 1U);
        return refusals.empty() ? "" : refusals[0];
    }
};

std::string trade(const std::string& symbol, const std::string& rest) {
    return R"({"e":"aggTrade","E":1790526539033,"a":7,"s":")" + symbol +
           R"(","p":"200","q":"50","f":1,"l":2,"T":1790526538883,)" + rest + "}";
}

TEST(Trades, AMakerWhoBoughtMeansThatTheSellerTook) {
    EXPECT_EQ(Decoded(trade("ETHUSDT", R"("m":true)")).one().trade.side, TakerSide::sell);
    EXPECT_EQ(Decoded(trade("ETHUSDT", R"("m":false)")).one().trade.side, TakerSide::buy);
    EXPECT_NE(Decoded(trade("ETHUSDT", R"("M":false)")).reason().find("m: expected true"),
              std::string::npos);
}

TEST(Trades, QuantitiesAreCoinsWhateverTheContract) {
    EXPECT_EQ(Decoded(trade("ETHUSDT", R"("m":true)")).one().trade.quantity, 50);
    // 50 contracts of 10 USD at 200 USD a coin.
    EXPECT_EQ(Decoded(trade("ETHUSD_PERP", R"("m":true)")).one().trade.quantity, 2.5);
    // A contract on 1000 tokens stays in its own units; `normalise` brings it to one token.
    const Event pepe = Decoded(trade("1000PEPEUSDT", R"("m":true)")).one();
    EXPECT_EQ(text_of(pepe.instrument), "1000PEPE/USDT:USDT");
    EXPECT_EQ(pepe.market, MarketId::none);
    EXPECT_EQ(pepe.trade.price, 200);
    EXPECT_EQ(pepe.trade.quantity, 50);
}

TEST(Trades, AreKnownByTheNumberThatTheVenueGivesThem) {
    const Id id = Decoded(trade("ETHUSDT", R"("m":true)")).one().id;
    EXPECT_EQ(Decoded(trade("ETHUSDT", R"("m":true,"nq":"50","st":1)")).one().id, id);
    EXPECT_NE(Decoded(trade("BTCUSDT", R"("m":true)")).one().id, id);
}

TEST(Liquidations, OfContractsOnManyTokensStayInTheirUnits) {
    const Event event =
        Decoded(
            R"({"e":"forceOrder","E":1,"o":{"s":"1000PEPEUSDT","S":"BUY","ap":"0.02","z":"50","T":1791565602120}})")
            .one();
    EXPECT_DOUBLE_EQ(event.liquidation.price, .02);
    EXPECT_EQ(event.liquidation.quantity, 50);
    EXPECT_EQ(event.liquidation.notional, 1);
}

TEST(Tickers, TheSmallFormMeansTheSame) {
    const Event event =
        Decoded(
            R"({"stream":"!miniTicker@arr","data":[{"e":"24hrMiniTicker","E":1790526539033,"s":"BTCUSD_PERP","ps":"BTCUSD","c":"50000","o":"1","h":"2","l":"1","v":"3","q":"0.006"}]})")
            .one();
    EXPECT_EQ(event.price.last, 50'000);
    EXPECT_EQ(event.price.volume_usd, 300);
}

TEST(Klines, ARunningBarIsNoEvent) {
    const std::string bar =
        R"({"e":"kline","E":1790526540255,"s":"ETHUSD_PERP","k":{"t":1790526480000,"T":1790526539999,"s":"ETHUSD_PERP","i":"1m","o":"2","c":"3","h":"4","l":"1","v":"30","q":"100.5","x":)";
    EXPECT_TRUE(Decoded(bar + "false}}").events.empty());
    const Event event = Decoded(bar + "true}}").one();
    EXPECT_EQ(event.event_time, 1790526540000 * millisecond);
    EXPECT_EQ(event.bar.interval, minute);
    EXPECT_EQ(event.bar.close, 3);
    EXPECT_EQ(event.bar.volume_usd, 300);
    EXPECT_EQ(event.bar.volume_base, 100.5);
}

// The answer of /fapi/v1/depth and the partial streams as the venue documents them: there is no
// recording of either.
TEST(Depth, ABandIsToldOnlyIfTheListedLevelsReachAcrossIt) {
    const std::string book =
        R"({"lastUpdateId":1027024,"E":1589436922972,"T":1589436922959,"bids":[["99.95","10"],["99.7","20"],["99.01","5"],["98.9","1"]],"asks":[["100.05","4"],["100.4","6"]]})";
    const Event event = Decoded(response("depth?limit=1000&symbol=ETHUSDT", book)).one();
    EXPECT_EQ(event.event_time, 1589436922959 * millisecond);
    EXPECT_EQ(text_of(event.instrument), "ETH/USDT:USDT");
    EXPECT_DOUBLE_EQ(event.depth.bid_10, 99.95 * 10);
    EXPECT_DOUBLE_EQ(event.depth.bid_50, 99.95 * 10 + 99.7 * 20);
    EXPECT_DOUBLE_EQ(event.depth.bid_100, 99.95 * 10 + 99.7 * 20 + 99.01 * 5);
    EXPECT_TRUE(event.has(field::depth::bid_100));
    EXPECT_DOUBLE_EQ(event.depth.ask_10, 100.05 * 4);
    EXPECT_FALSE(event.has(field::depth::ask_50));
    EXPECT_FALSE(event.has(field::depth::ask_100));
}

TEST(Depth, OfInverseContractsIsContractsTimesTheirSize) {
    const std::string message =
        R"({"stream":"ethusd_perp@depth20@500ms","data":{"e":"depthUpdate","E":1589436922972,"T":1589436922959,"s":"ETHUSD_PERP","ps":"ETHUSD","U":1,"u":2,"pu":0,"b":[["99.95","3"],["99","1"]],"a":[["100.05","2"],["101","1"]]}})";
    const Event event = Decoded(message).one();
    EXPECT_EQ(event.depth.bid_10, 30);
    EXPECT_EQ(event.depth.ask_10, 20);
}

TEST(Depth, ChangesOfABookAndDamagedBooksAreRefused) {
    EXPECT_NE(
        Decoded(
            R"({"stream":"ethusdt@depth@100ms","data":{"e":"depthUpdate","E":1,"s":"ETHUSDT","b":[],"a":[]}})")
            .reason()
            .find("subscribe to depth5"),
        std::string::npos);
    for (const char* levels : {"[]", "7", R"([["1"]])", R"([["x","1"]])", R"([["1","2"],[]])"}) {
        const std::string book =
            std::string(R"({"lastUpdateId":1,"T":1589436922959,"asks":[["2","1"]],"bids":)") +
            levels + "}";
        EXPECT_NE(Decoded(response("depth?symbol=ETHUSDT", book)).reason().find("depth: bids"),
                  std::string::npos)
            << levels;
    }
}

// As documented for COIN-M; there is no recording.
TEST(OpenInterest, HistoryOfCoinMarginedPairsCountsContractsAndCoins) {
    const Event event =
        Decoded(
            response(
                "openInterestHist?contractType=PERPETUAL&pair=BTCUSD&period=1h",
                R"([{"pair":"BTCUSD","contractType":"PERPETUAL","sumOpenInterest":"20403","sumOpenInterestValue":"40.5","timestamp":1591261042378}])"))
            .one();
    EXPECT_EQ(text_of(event.instrument), "BTC/USD:BTC");
    EXPECT_EQ(event.open_interest.contracts, 20'403);
    EXPECT_EQ(event.open_interest.notional, 2'040'300);
    EXPECT_EQ(event.open_interest.base, 40.5);
    EXPECT_EQ(event.open_interest.interval, hour);
    EXPECT_NE(
        Decoded(
            response(
                "openInterestHist?period=1h",
                R"([{"pair":"BTCUSD","contractType":"CURRENT_QUARTER","sumOpenInterest":"1","sumOpenInterestValue":"1","timestamp":1591261042378}])"))
            .reason()
            .find("poll PERPETUAL"),
        std::string::npos);
}

// As documented for COIN-M; there is no recording. In the documented example of positions the
// shares contradict the ratio: here they are what it says.
TEST(LongShortRatios, OfCoinMarginedPairsAreThoseOfThePerpetual) {
    const auto ratio_of = [](const char* poll) {
        return Decoded(
                   response(
                       std::string(poll) + "?limit=2&pair=BTCUSD&period=5m",
                       R"([{"pair":"BTCUSD","longShortRatio":"1.8105","longAccount":"0.6442","shortAccount":"0.3558","timestamp":1591261042378}])"))
            .one();
    };
    const Event all = ratio_of("globalLongShortAccountRatio");
    const Event top = ratio_of("topLongShortAccountRatio");
    for (const Event& event : {all, top}) {
        EXPECT_EQ(text_of(event.instrument), "BTC/USD:BTC");
        EXPECT_EQ(event.event_time, 1591261042378 * millisecond);
        EXPECT_DOUBLE_EQ(event.long_short_ratio.ratio, .6442 / .3558);
        EXPECT_EQ(event.long_short_ratio.interval, 5 * minute);
    }
    EXPECT_EQ(all.long_short_ratio.population, Population::global_accounts);
    EXPECT_EQ(top.long_short_ratio.population, Population::top_accounts);
    EXPECT_NE(all.id, top.id);
}

TEST(LongShortRatios, PositionsOfCoinMarginedPairsHaveKeysOfTheirOwn) {
    const Event event =
        Decoded(
            response(
                "topLongShortPositionRatio?pair=BTCUSD&period=5m",
                R"([{"pair":"BTCUSD","longShortRatio":"0.7869","longPosition":"0.4404","shortPosition":"0.5596","timestamp":1592870400000}])"))
            .one();
    EXPECT_EQ(text_of(event.instrument), "BTC/USD:BTC");
    EXPECT_EQ(event.long_short_ratio.population, Population::top_positions);
    EXPECT_DOUBLE_EQ(event.long_short_ratio.ratio, .4404 / .5596);
    EXPECT_NE(
        Decoded(
            response(
                "topLongShortPositionRatio?pair=BTCUSD&period=5m",
                R"([{"pair":"BTCUSD","longPosition":"1","shortPosition":"0","timestamp":1592870400000}])"))
            .reason()
            .find("shortPosition: expected a share above 0"),
        std::string::npos);
}

TEST(Funding, TheHoursOfARateAreKnownOnceTheListOfExceptionsWasSeen) {
    const std::string mark =
        R"({"e":"markPriceUpdate","E":1790526539000,"s":"BTCUSDT","p":"84551.1","r":"0.0001","T":1790553600000})";
    FrameDriver<Binance> binance("binance");
    binance.step({{mark}});
    EXPECT_FALSE(binance.events[1].has(field::funding_rate::rate_interval_hours));
    binance.step({response("fundingInfo", R"([{"symbol":"PUMPUSDT","fundingIntervalHours":4}])")});
    EXPECT_EQ(binance.events[2].instrument_info.funding_interval_hours, 4);
    binance.step({{mark}});
    EXPECT_EQ(binance.events[4].funding_rate.rate_interval_hours, 8);
    EXPECT_EQ(binance.events[4].id, binance.events[1].id);
    binance.step(
        {{R"({"e":"markPriceUpdate","E":1790526539000,"s":"PUMPUSDT","p":"1","r":"0.0001","T":0})"},
         {R"({"e":"markPriceUpdate","E":1790526539000,"s":"BTCUSD_PERP","p":"1","r":"0.0001"})"}});
    EXPECT_EQ(binance.events[6].funding_rate.rate_interval_hours, 4);
    EXPECT_FALSE(binance.events[6].has(field::funding_rate::next_funding_time));
    EXPECT_FALSE(binance.events[8].has(field::funding_rate::rate_interval_hours));
}

TEST(Instruments, ContractSizesOfTheVenueReplaceTheKnownOnes) {
    const std::string order =
        R"({"e":"forceOrder","E":1,"o":{"s":"ETHUSD_PERP","S":"BUY","ap":"2000","z":"5","T":1791565602120}})";
    FrameDriver<Binance> binance("binance");
    binance.step({{order}});
    EXPECT_EQ(binance.events[0].liquidation.notional, 50);
    binance.step({response(
        "exchangeInfo",
        R"({"serverTime":1626836043975,"symbols":[{"symbol":"ETHUSD_PERP","contractType":"PERPETUAL","contractStatus":"TRADING","contractSize":20,"marginAsset":"ETH","baseAsset":"ETH","quoteAsset":"USD","filters":[]}]})")});
    EXPECT_EQ(binance.events[1].instrument_info.contract_size, 20);
    EXPECT_FALSE(binance.events[1].has(field::instrument::tick_size));
    binance.step({{order}});
    EXPECT_EQ(binance.events[2].liquidation.notional, 100);
    EXPECT_EQ(binance.events[2].id, binance.events[0].id);
}

TEST(Instruments, TheListTellsBaseFromQuote) {
    FrameDriver<Binance> binance("binance");
    binance.step(
        {response(
             "exchangeInfo",
             R"({"serverTime":1626836043975,"symbols":[{"symbol":"ABUSDTUSDC","status":"TRADING","marginAsset":"USDC","baseAsset":"ABUSDT","quoteAsset":"USDC"}]})"),
         {trade("ABUSDTUSDC", R"("m":true)")}});
    EXPECT_EQ(text_of(binance.events[1].instrument), "ABUSDT/USDC:USDC");
}

// As documented; there is no recording.
TEST(Instruments, AChangeOfStatusComesByStream) {
    const Event event =
        Decoded(
            R"({"e":"contractInfo","E":1669647330456,"s":"IOTAUSDT","ps":"IOTAUSDT","ct":"PERPETUAL","dt":4133404800000,"ot":1569398400000,"cs":"SETTLING","bks":[]})")
            .one();
    EXPECT_EQ(event.kind(), Kind::instrument);
    EXPECT_EQ(event.instrument_info.status, TradingStatus::halted);
}

TEST(Snapshots, LinesOfTheArchiveReadLikeTheRowsAndRepeatWithOneId) {
    const std::string channel = "liquidationSnapshot?symbol=BTCUSD_PERP";
    const std::string line = "1687656471926,BUY,LIMIT,IOC,7,30741.3,30631.6,FILLED,6,7";
    FrameDriver<Binance> binance("binance");
    const auto with = [&](std::string bytes) {
        return TestFrame{std::move(bytes), FrameType::data, channel};
    };
    binance.step(
        {with("time,side,order_type,time_in_force,original_quantity,price,average_price,"
              "order_status,last_fill_quantity,accumulated_fill_quantity"),
         with(line), with(line + "\r"),
         with(
             R"({"time": "1687656471926", "side": "BUY", "original_quantity": "7", "price": "30741.3", "average_price": "30631.6", "accumulated_fill_quantity": "7"})")});
    ASSERT_EQ(binance.events.size(), 3U);
    EXPECT_EQ(binance.events[0].liquidation.notional, 700);
    EXPECT_EQ(binance.events[0].liquidation.side, Side::short_position);
    EXPECT_EQ(binance.events[1].id, binance.events[0].id);
    EXPECT_EQ(binance.events[2].id, binance.events[0].id);

    EXPECT_NE(Decoded(with("1687656471926,BUY")).reason().find("2 columns"), std::string::npos);
    EXPECT_NE(Decoded(with("1687656471926,UP,LIMIT,IOC,7,30741.3,30631.6,FILLED,6,7"))
                  .reason()
                  .find("side: expected"),
              std::string::npos);
    EXPECT_NE(Decoded(with("x,BUY,LIMIT,IOC,7,30741.3,30631.6,FILLED,6,7"))
                  .reason()
                  .find("time: not an integer"),
              std::string::npos);
    EXPECT_NE(Decoded(TestFrame{line, FrameType::data, "liquidationSnapshot"})
                  .reason()
                  .find("the channel names no contract"),
              std::string::npos);
}

TEST(Polls, SayWhatIsWrongWithAnAnswer) {
    const auto reason = [](const char* channel, const char* body) {
        return Decoded(response(channel, body)).reason();
    };
    EXPECT_NE(reason("openInterest?symbol=X", R"({"code":-1121,"msg":"Invalid symbol."})")
                  .find("error -1121: Invalid symbol."),
              std::string::npos);
    EXPECT_NE(reason("openInterest", R"({"symbol":"BTCUSDT","openInterest":"x","time":1})")
                  .find("openInterest: not a number"),
              std::string::npos);
    EXPECT_NE(reason("balance", "{}").find("'balance' is no poll"), std::string::npos);
    EXPECT_NE(reason("globalLongShortAccountRatio",
                     R"([{"symbol":"BTCUSDT","longAccount":"1","shortAccount":"0","timestamp":1}])")
                  .find("timestamp"),
              std::string::npos);
    EXPECT_NE(reason("exchangeInfo", R"({"serverTime":1626836043975})").find("symbols: no list"),
              std::string::npos);
    EXPECT_NE(reason("fundingRate", R"([{"symbol":"BTCUSDT","fundingTime":1570608000000}])")
                  .find("fundingRate: expected a number"),
              std::string::npos);
    EXPECT_NE(reason("premiumIndex", "[1]").find("JSON"), std::string::npos);
    EXPECT_NE(reason("premiumIndex", "").find("JSON"), std::string::npos);
}

}  // namespace
}  // namespace spillway::binance
