#include "protocol.hpp"

#include <string>

#include <gtest/gtest.h>

#include "common/venues/testing/protocol_test.hpp"
#include "plugin.hpp"

namespace spillway::binance {
namespace {

using testing::fixture;
using testing::PlanText;
using testing::ReplyText;
using testing::Texts;

class BinanceProtocol : public testing::ProtocolTest<Protocol, Options> {
protected:
    BinanceProtocol() : ProtocolTest("usdm", {{"BTC"}, {"usdm", "coinm"}, false, false}) {}

    /// The lists of the two lines, as recorded.
    static std::vector<ReplyText> lists() {
        return {{"fapi/v1/exchangeInfo", fixture("exchange_info.usd_margined").at(0)},
                {"dapi/v1/exchangeInfo", fixture("exchange_info.coin_margined").at(0)}};
    }
};

TEST_F(BinanceProtocol, InstrumentListsComeFirstAndEveryHour) {
    PlanText plan;
    ASSERT_TRUE(protocol.prepare(plan).ok());
    EXPECT_EQ(plan.lines, (Texts{"quota weight: 2400 in 1m", "quota statistics: 1000 in 5m",
                                 "quota funding: 500 in 5m",
                                 "poll fapi/v1/exchangeInfo: instrument, every 1h, weight 1",
                                 "poll dapi/v1/exchangeInfo: instrument, every 1h, weight 1"}));
    EXPECT_EQ(plan.urls, (Texts{"https://fapi.binance.com/fapi/v1/exchangeInfo",
                                "https://dapi.binance.com/dapi/v1/exchangeInfo"}));
}

TEST_F(BinanceProtocol, ThePlanIsMadeOfTheRecordedLists) {
    const std::string ratio = ": long_short_ratio, every 5m, 20s later, statistics 1";
    EXPECT_EQ(testing::plan_lines(protocol, lists()),
              (Texts{"socket usdm: wss://fstream.binance.com/market/stream",
                     "topic usdm !forceOrder@arr: liquidation",
                     "poll fapi/v1/fundingInfo: instrument, every 1h, funding 1",
                     "topic usdm btcusdt@markPrice@1s: price, every 10s",
                     "poll openInterest?symbol=BTCUSDT: open_interest, every 1m, weight 1",
                     "poll globalLongShortAccountRatio?limit=2&period=5m&symbol=BTCUSDT" + ratio,
                     "poll topLongShortAccountRatio?limit=2&period=5m&symbol=BTCUSDT" + ratio,
                     "poll topLongShortPositionRatio?limit=2&period=5m&symbol=BTCUSDT" + ratio,
                     "socket coinm: wss://dstream.binance.com/stream",
                     "topic coinm !forceOrder@arr: liquidation",
                     "poll dapi/v1/fundingInfo: instrument, every 1h, funding 1",
                     "topic coinm btcusd_perp@markPrice@1s: price, every 10s",
                     "poll openInterest?symbol=BTCUSD_PERP: open_interest, every 1m, weight 1",
                     "poll globalLongShortAccountRatio?limit=2&pair=BTCUSD&period=5m" + ratio,
                     "poll topLongShortAccountRatio?limit=2&pair=BTCUSD&period=5m" + ratio,
                     "poll topLongShortPositionRatio?limit=2&pair=BTCUSD&period=5m" + ratio}));
}

TEST_F(BinanceProtocol, TradesAndTheBookAreOptions) {
    options = {{"SHIB"}, {"usdm"}, true, true};
    EXPECT_EQ(testing::plan_lines(protocol, lists()),
              (Texts{"socket usdm: wss://fstream.binance.com/market/stream",
                     "socket usdm_book: wss://fstream.binance.com/public/stream",
                     "topic usdm !forceOrder@arr: liquidation",
                     "poll fapi/v1/fundingInfo: instrument, every 1h, funding 1",
                     "topic usdm 1000shibusdt@markPrice@1s: price, every 10s",
                     "topic usdm 1000shibusdt@aggTrade: trade",
                     "poll openInterest?symbol=1000SHIBUSDT: open_interest, every 1m, weight 1",
                     "topic usdm_book 1000shibusdt@depth20@500ms: depth, every 10s",
                     "poll depth?limit=1000&symbol=1000SHIBUSDT: depth, every 30s, weight 20",
                     "poll globalLongShortAccountRatio?limit=2&period=5m&symbol=1000SHIBUSDT: "
                     "long_short_ratio, every 5m, 20s later, statistics 1",
                     "poll topLongShortAccountRatio?limit=2&period=5m&symbol=1000SHIBUSDT: "
                     "long_short_ratio, every 5m, 20s later, statistics 1",
                     "poll topLongShortPositionRatio?limit=2&period=5m&symbol=1000SHIBUSDT: "
                     "long_short_ratio, every 5m, 20s later, statistics 1"}));
}

TEST_F(BinanceProtocol, PollsGoToTheHostOfTheirLine) {
    PlanText plan;
    const std::vector<ReplyText> replies = lists();
    const std::vector<Reply> views = {replies[0].view(), replies[1].view()};
    ASSERT_TRUE(protocol.plan(views, plan).ok());
    EXPECT_EQ(plan.urls.at(1), "https://fapi.binance.com/fapi/v1/openInterest?symbol=BTCUSDT");
    EXPECT_EQ(plan.urls.back(),
              "https://dapi.binance.com/futures/data/topLongShortPositionRatio"
              "?limit=2&pair=BTCUSD&period=5m");
}

TEST_F(BinanceProtocol, NamesInUtf8AreEscapedInAddresses) {
    options = {{"牛来", "PEPE"}, {"usdm"}, false, false};
    const ReplyText list("fapi/v1/exchangeInfo",
                         R"({"serverTime":1791565600000,"symbols":[{"symbol":"牛来USDT",)"
                         R"("pair":"牛来USDT","contractType":"PERPETUAL","baseAsset":"牛来",)"
                         R"("quoteAsset":"USDT","marginAsset":"USDT","status":"TRADING"}]})");
    PlanText plan;
    const std::array<Reply, 1> views = {list.view()};
    ASSERT_TRUE(protocol.plan(views, plan).ok());
    EXPECT_EQ(plan.lines.at(3), "topic usdm 牛来usdt@markPrice@1s: price, every 10s");
    EXPECT_EQ(plan.lines.at(4),
              "poll openInterest?symbol=牛来USDT: open_interest, every 1m, weight 1");
    EXPECT_TRUE(plan.urls.at(1).ends_with("openInterest?symbol=%E7%89%9B%E6%9D%A5USDT"));
    EXPECT_EQ(plan.lines.back(),
              "missing PEPE: Binance lists no perpetual of it among the chosen contracts");
}

TEST_F(BinanceProtocol, AReplyThatIsNoListMakesNoPlan) {
    const Texts lines = testing::plan_lines(protocol, {{"fapi/v1/exchangeInfo", "{}"}});
    EXPECT_EQ(lines.back(), "failed: fapi/v1/exchangeInfo: expected symbols");
}

TEST_F(BinanceProtocol, SubscriptionsAreWrittenAsDocumented) {
    EXPECT_EQ(
        subscribe({"!forceOrder@arr", "!markPrice@arr@1s", "btcusdt@aggTrade"}),
        R"({"method":"SUBSCRIBE","params":["!forceOrder@arr","!markPrice@arr@1s","btcusdt@aggTrade"],"id":1})");
    EXPECT_EQ(subscribe({"btcusdt@aggTrade"}, false, 2),
              R"({"method":"UNSUBSCRIBE","params":["btcusdt@aggTrade"],"id":2})");
}

TEST_F(BinanceProtocol, HearsAnswers) {
    EXPECT_EQ(hear(R"({"result":null,"id":1})"), "subscribed 1");
    EXPECT_EQ(hear(R"({"id":1000,"result":null})"), "subscribed 1000") << "as recorded";
    EXPECT_EQ(hear(R"({"error":{"code":2,"msg":"Invalid request: missing field"},"id":1})"),
              "refused 1: Invalid request: missing field");
    EXPECT_EQ(hear(R"({"code":2,"msg":"Invalid request"})"), "refused: Invalid request");
    EXPECT_EQ(hear("not even JSON"), "data");
}

TEST_F(BinanceProtocol, HearsTheStreamOfEveryRecordedMessage) {
    for (const char* name : {"force_order.combined", "force_order.raw", "mark_price", "agg_trade",
                             "ticker", "trade", "kline", "index_price"}) {
        for (const std::string& line : fixture(name)) {
            const Heard heard = protocol.hear("usdm", line);
            EXPECT_EQ(heard.what, Heard::What::data) << line;
            EXPECT_EQ(heard.topic.empty(), line.find("\"stream\"") == std::string::npos) << line;
        }
    }
}

TEST_F(BinanceProtocol, ErrorsCanComeWithHttp200) {
    const auto fault_of = [&](const std::string& body) {
        const ReplyText reply("openInterest", body);
        const Protocol::Fault fault = protocol.fault(reply.view());
        return fmt::format("{}{}", fault.text, fault.limited ? " (limited)" : "");
    };
    EXPECT_EQ(fault_of(R"({"openInterest":"10659.509","symbol":"BTCUSDT"})"), "");
    EXPECT_EQ(fault_of("[]"), "");
    EXPECT_EQ(fault_of(R"({"code":-1121,"msg":"Invalid symbol."})"), "Invalid symbol.");
    EXPECT_EQ(fault_of(R"({"code":-1003,"msg":"Too many requests."})"),
              "Too many requests. (limited)");
}

TEST_F(BinanceProtocol, KnowsTheVenuesClock) {
    EXPECT_EQ(protocol.venue_time(fixture("force_order.combined").at(0)).has_value(), true);
    EXPECT_EQ(protocol.venue_time(R"({"timezone":"UTC","serverTime":1625702000000,"symbols":[]})"),
              1'625'702'000'000 * millisecond);
    EXPECT_FALSE(protocol.venue_time(R"({"result":null,"id":1})"));
}

TEST(BinanceOptions, AreCheckedAndReachTheProtocol) {
    const auto configured = [](std::vector<testing::OptionText> texts) -> Status {
        testing::OptionValues values;
        Status status = values.parse<Binance>(texts);
        Binance binance;
        if (status.ok()) status = binance.configure(values.view());
        EXPECT_NE(binance.protocol(), nullptr);
        return status;
    };
    EXPECT_TRUE(configured({}).ok());
    EXPECT_FALSE(configured({{"markets", "BTCUSDT"}}).ok());
    EXPECT_FALSE(configured({{"contracts", "linear"}}).ok());
}

}  // namespace
}  // namespace spillway::binance
