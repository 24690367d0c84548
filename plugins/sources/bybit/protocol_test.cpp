#include "protocol.hpp"

#include <string>

#include <gtest/gtest.h>

#include "common/venues/testing/protocol_test.hpp"
#include "plugin.hpp"

namespace spillway::bybit {
namespace {

using testing::fixture;
using testing::MessageText;
using testing::PlanText;
using testing::ReplyText;
using testing::Texts;

const std::string linear_list = "instruments-info?category=linear&limit=1000";
const std::string inverse_list = "instruments-info?category=inverse&limit=1000";

class BybitProtocol : public testing::ProtocolTest<Protocol, Options> {
protected:
    BybitProtocol() : ProtocolTest("linear", {{"BTC", "ETH"}, {"linear", "inverse"}, false}) {}

    /// The lists of the two lines, as recorded.
    static std::vector<ReplyText> recorded_lists() {
        const Texts lines = fixture("rest.instruments-info");
        return {{linear_list, lines.at(0)}, {inverse_list, lines.at(1)}};
    }
    /// A list written like the venue's, of symbol, contract type, base, quote and status.
    static std::string list(const std::vector<std::array<const char*, 5>>& contracts,
                            const char* cursor = "") {
        std::string rows;
        for (const auto& [symbol, type, base, quote, status] : contracts) {
            rows += fmt::format(
                R"({}{{"symbol":"{}","contractType":"{}","status":"{}","baseCoin":"{}",)"
                R"("quoteCoin":"{}","settleCoin":"{}","deliveryTime":"{}","fundingInterval":480}})",
                rows.empty() ? "" : ",", symbol, type, status, base, quote, quote,
                std::string_view(type).ends_with("Futures") ? "1798272000000" : "0");
        }
        return fmt::format(
            R"({{"retCode":0,"retMsg":"OK","result":{{"category":"linear","list":[{}],)"
            R"("nextPageCursor":"{}"}},"retExtInfo":{{}},"time":1791565600000}})",
            rows, cursor);
    }
};

TEST_F(BybitProtocol, InstrumentListsComeFirstAndEveryHour) {
    PlanText plan;
    ASSERT_TRUE(protocol.prepare(plan).ok());
    EXPECT_EQ(plan.lines, (Texts{"quota requests: 600 in 5s",
                                 "poll " + linear_list + ": instrument, every 1h, requests 1",
                                 "poll " + inverse_list + ": instrument, every 1h, requests 1"}));
    EXPECT_EQ(plan.urls[0], "https://api.bybit.com/v5/market/" + linear_list);
}

TEST_F(BybitProtocol, ThePlanIsMadeOfTheRecordedLists) {
    EXPECT_EQ(testing::plan_lines(protocol, recorded_lists()),
              (Texts{"socket linear: wss://stream.bybit.com/v5/public/linear",
                     "topic linear allLiquidation.BTCUSDT: liquidation",
                     "topic linear tickers.BTCUSDT: price, every 10s",
                     "poll account-ratio?category=linear&limit=2&period=5min&symbol=BTCUSDT: "
                     "long_short_ratio, every 5m, 15s later, requests 1",
                     "topic linear allLiquidation.ETHUSDT: liquidation",
                     "topic linear tickers.ETHUSDT: price, every 10s",
                     "poll account-ratio?category=linear&limit=2&period=5min&symbol=ETHUSDT: "
                     "long_short_ratio, every 5m, 15s later, requests 1",
                     "socket inverse: wss://stream.bybit.com/v5/public/inverse",
                     "topic inverse allLiquidation.BTCUSD: liquidation",
                     "topic inverse tickers.BTCUSD: price, every 10s",
                     "poll account-ratio?category=inverse&limit=2&period=5min&symbol=BTCUSD: "
                     "long_short_ratio, every 5m, 15s later, requests 1"}));
}

TEST_F(BybitProtocol, PerpetualsOfTheMarketsAreTakenWhateverTheirMultiple) {
    options = {{"PEPE", "SHIB", "DOGE"}, {"linear"}, true};
    const std::vector<ReplyText> lists = {
        {linear_list, list({{"1000PEPEUSDT", "LinearPerpetual", "1000PEPE", "USDT", "Trading"},
                            {"SHIB1000PERP", "LinearPerpetual", "SHIB1000", "USDC", "Trading"},
                            {"DOGEUSDT", "LinearPerpetual", "DOGE", "USDT", "PreLaunch"},
                            {"DOGEUSDT-26DEC26", "LinearFutures", "DOGE", "USDT", "Trading"},
                            {"BTCUSDT", "LinearPerpetual", "BTC", "USDT", "Trading"}})}};
    EXPECT_EQ(testing::plan_lines(protocol, lists),
              (Texts{"socket linear: wss://stream.bybit.com/v5/public/linear",
                     "topic linear allLiquidation.1000PEPEUSDT: liquidation",
                     "topic linear tickers.1000PEPEUSDT: price, every 10s",
                     "topic linear publicTrade.1000PEPEUSDT: trade",
                     "poll account-ratio?category=linear&limit=2&period=5min&symbol=1000PEPEUSDT: "
                     "long_short_ratio, every 5m, 15s later, requests 1",
                     "topic linear allLiquidation.SHIB1000PERP: liquidation",
                     "topic linear tickers.SHIB1000PERP: price, every 10s",
                     "topic linear publicTrade.SHIB1000PERP: trade",
                     "missing DOGE: Bybit lists no perpetual of it among the chosen contracts"}));
}

TEST_F(BybitProtocol, PagesOfAListAreOne) {
    options = {{"BTC", "ETH"}, {"linear"}, false};
    const std::vector<ReplyText> pages = {
        {linear_list, list({{"BTCUSDT", "LinearPerpetual", "BTC", "USDT", "Trading"}},
                           "first%3DBTCUSDT%26last%3DBTCUSDT")},
        {linear_list, list({{"ETHUSDT", "LinearPerpetual", "ETH", "USDT", "Trading"}})}};
    EXPECT_EQ(testing::plan_lines(protocol, pages).size(), 7U);
    MessageText next, last;
    protocol.next_page(pages[0].view(), next);
    EXPECT_EQ(next.text, "cursor=first%3DBTCUSDT%26last%3DBTCUSDT");
    protocol.next_page(pages[1].view(), last);
    EXPECT_EQ(last.text, "");
}

TEST_F(BybitProtocol, AReplyThatIsNoListMakesNoPlan) {
    const Texts lines = testing::plan_lines(protocol, {{linear_list, R"({"retCode":0})"}});
    EXPECT_EQ(lines.back(), "failed: " + linear_list + ": expected result.list");
}

TEST_F(BybitProtocol, SubscriptionsAreWrittenAsDocumented) {
    EXPECT_EQ(
        subscribe({"allLiquidation.BTCUSDT", "tickers.BTCUSDT"}),
        R"({"req_id":"1","op":"subscribe","args":["allLiquidation.BTCUSDT","tickers.BTCUSDT"]})");
    EXPECT_EQ(subscribe({"tickers.BTCUSDT"}, false, 2),
              R"({"req_id":"2","op":"unsubscribe","args":["tickers.BTCUSDT"]})");
}

TEST_F(BybitProtocol, HearsAnswersAndHeartbeats) {
    EXPECT_EQ(hear(R"({"success":true,"ret_msg":"","conn_id":"c","req_id":"1","op":"subscribe"})"),
              "subscribed 1");
    EXPECT_EQ(
        hear(R"({"success":true,"ret_msg":"","conn_id":"c","req_id":"2","op":"unsubscribe"})"),
        "subscribed 2");
    EXPECT_EQ(hear(R"({"success":false,"ret_msg":"error:handler not found,topic:xyz",)"
                   R"("conn_id":"c","op":"subscribe"})"),
              "refused xyz: error:handler not found,topic:xyz");
    EXPECT_EQ(hear(R"({"success":false,"ret_msg":"error:already subscribed,topic:a.b",)"
                   R"("conn_id":"c","req_id":"3","op":"subscribe"})"),
              "subscribed 3 a.b: error:already subscribed,topic:a.b");
    EXPECT_EQ(hear(R"({"success":true,"ret_msg":"pong","conn_id":"c","req_id":"9","op":"ping"})"),
              "alive: pong");
    EXPECT_EQ(hear(R"({"req_id":"9","op":"pong","args":["1675418560633"],"conn_id":"c"})"),
              "alive");
    EXPECT_EQ(hear("not even JSON"), "data");
    EXPECT_EQ(hear(R"({"success":true})"), "data");
}

TEST_F(BybitProtocol, HearsTheRecordedAnswers) {
    Texts heard;
    for (const std::string& line : fixture("control")) {
        heard.push_back(hear(line));
    }
    EXPECT_EQ(heard,
              (Texts{"subscribed trade.BTCUSD", "subscribed",
                     "refused invalid.topic.BTCUSDT: Invalid topic: invalid.topic.BTCUSDT"}));
}

TEST_F(BybitProtocol, HearsTheTopicOfEveryRecordedMessage) {
    for (const char* name : {"allLiquidation", "liquidation", "tickers", "publicTrade"}) {
        for (const std::string& line : fixture(name)) {
            const Heard heard = protocol.hear("linear", line);
            EXPECT_EQ(heard.what, Heard::What::data) << line;
            EXPECT_TRUE(heard.topic.starts_with(std::string(name) + ".")) << line;
        }
    }
}

TEST_F(BybitProtocol, ErrorsComeWithHttp200) {
    const auto fault_of = [&](const char* body) {
        const ReplyText reply("tickers", body);
        const Protocol::Fault fault = protocol.fault(reply.view());
        return fmt::format("{}{}{}", fault.text, fault.limited ? " (limited)" : "",
                           fault.refused_key ? " (key)" : "");
    };
    EXPECT_EQ(fault_of(R"({"retCode":0,"retMsg":"OK","result":{},"time":1731567491688})"), "");
    EXPECT_EQ(fault_of(R"({"retMsg":"OK","retCode":0})"), "");
    EXPECT_EQ(fault_of(R"({"retCode":10001,"retMsg":"params error: symbol invalid"})"),
              "params error: symbol invalid");
    EXPECT_EQ(fault_of(R"({"retCode":10006,"retMsg":"Too many visits!"})"),
              "Too many visits! (limited)");
    EXPECT_EQ(fault_of(R"({"retCode":10003,"retMsg":"API key is invalid."})"),
              "API key is invalid. (key)");
    EXPECT_EQ(fault_of("<html>"), "the reply is no JSON object");
    EXPECT_EQ(fault_of("{}"), "the reply has no retCode");
}

TEST_F(BybitProtocol, KnowsTheVenuesClock) {
    EXPECT_EQ(protocol.venue_time(R"({"retCode":0,"result":{},"time":1731567491688})"),
              1'731'567'491'688 * millisecond);
    EXPECT_EQ(protocol.venue_time(R"({"topic":"tickers.BTCUSDT","ts":1791565601482,"data":{}})"),
              1'791'565'601'482 * millisecond);
    EXPECT_FALSE(protocol.venue_time(R"({"success":true})"));
}

TEST(BybitOptions, AreCheckedAndReachTheProtocol) {
    const auto configured = [](std::vector<testing::OptionText> texts) -> Status {
        testing::OptionValues values;
        Status status = values.parse<Bybit>(texts);
        Bybit bybit;
        if (status.ok()) status = bybit.configure(values.view());
        EXPECT_NE(bybit.protocol(), nullptr);
        return status;
    };
    EXPECT_TRUE(configured({}).ok());
    EXPECT_FALSE(configured({{"markets", "BTCUSDT"}}).ok());
    EXPECT_FALSE(configured({{"contracts", "spot"}}).ok());
}

}  // namespace
}  // namespace spillway::bybit
