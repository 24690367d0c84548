#include "protocol.hpp"

#include <string>

#include <gtest/gtest.h>

#include "common/venues/testing/protocol_test.hpp"
#include "plugin.hpp"

namespace spillway::kraken_futures {
namespace {

using testing::fixture;
using testing::PlanText;
using testing::ReplyText;
using testing::Texts;

class KrakenFuturesProtocol : public testing::ProtocolTest<Protocol, Options> {
protected:
    KrakenFuturesProtocol() : ProtocolTest("public", {{"BTC"}, {"linear", "inverse"}, false}) {}

    static std::vector<ReplyText> list(const std::string& name = "rest.instruments.written") {
        std::vector<ReplyText> replies;
        replies.emplace_back("instruments", fixture(name).at(0));
        return replies;
    }
};

TEST_F(KrakenFuturesProtocol, TheListComesFirstAndEveryHour) {
    PlanText plan;
    ASSERT_TRUE(protocol.prepare(plan).ok());
    EXPECT_EQ(plan.lines, Texts{"poll instruments: instrument, every 1h"});
    EXPECT_EQ(plan.urls[0], "https://futures.kraken.com/derivatives/api/v3/instruments");
}

TEST_F(KrakenFuturesProtocol, ThePlanHasTradesOfAllAndTickersOfPerpetualContracts) {
    const Texts expected = {"socket public: wss://futures.kraken.com/ws/v1",
                            "topic public heartbeat: source_status",
                            "topic public trade.PF_XBTUSD: liquidation",
                            "topic public ticker.PF_XBTUSD: price, every 1m",
                            "topic public trade.PI_XBTUSD: liquidation",
                            "topic public ticker.PI_XBTUSD: price, every 1m",
                            "topic public trade.FI_XBTUSD_261225: liquidation",
                            "topic public trade.FF_XBTUSD_261225: liquidation"};
    EXPECT_EQ(testing::plan_lines(protocol, list()), expected);
}

TEST_F(KrakenFuturesProtocol, ContractsCanBeLeftOutAndMarketsMissing) {
    options = {{"BTC", "LUNA", "PEPE"}, {"inverse"}, false};
    const Texts lines = testing::plan_lines(protocol, list("rest.instruments"));
    const std::string why = ": Kraken Futures lists no contract of it among the chosen contracts";
    EXPECT_EQ(lines, (Texts{"socket public: wss://futures.kraken.com/ws/v1",
                            "topic public heartbeat: source_status",
                            "topic public trade.PI_XBTUSD: liquidation",
                            "topic public ticker.PI_XBTUSD: price, every 1m", "missing LUNA" + why,
                            "missing PEPE" + why}));
}

TEST_F(KrakenFuturesProtocol, AContractThatIsNotTradeableIsMissing) {
    options.markets = {"LUNA"};
    EXPECT_EQ(testing::plan_lines(protocol, list()).size(), 3U);
}

TEST_F(KrakenFuturesProtocol, AReplyThatIsNoListMakesNoPlan) {
    std::vector<ReplyText> replies;
    replies.emplace_back("instruments", R"({"result":"success"})");
    EXPECT_EQ(testing::plan_lines(protocol, replies).back(),
              "failed: instruments: expected instruments");
}

TEST_F(KrakenFuturesProtocol, SubscriptionsAreWrittenAsDocumented) {
    EXPECT_EQ(subscribe({"trade.PF_XBTUSD"}),
              R"({"event":"subscribe","feed":"trade","product_ids":["PF_XBTUSD"]})");
    EXPECT_EQ(subscribe({"ticker.PF_XBTUSD", "ticker.PI_XBTUSD"}, false),
              R"({"event":"unsubscribe","feed":"ticker","product_ids":["PF_XBTUSD","PI_XBTUSD"]})");
    EXPECT_EQ(subscribe({"heartbeat"}), R"({"event":"subscribe","feed":"heartbeat"})");
    EXPECT_EQ(subscribe({"ticker.PF_XBTUSD", "trade.PF_XBTUSD"}), "one message for several feeds");
}

TEST_F(KrakenFuturesProtocol, HearsAnswersHeartbeatsAndNotes) {
    Texts heard;
    for (const std::string& line : fixture("control")) heard.push_back(hear(line));
    EXPECT_EQ(heard, (Texts{"alive", "subscribed trade.PF_XBTUSD", "subscribed heartbeat", "alive",
                            "alive", "refused ticker.PF_XBTUSD: subscribed_failed",
                            "refused: Invalid product id", "subscribed ticker.PF_XBTUSD"}));
    EXPECT_EQ(hear("not even JSON"), "data");
    EXPECT_EQ(hear(R"({"event":)"), "data");
}

TEST_F(KrakenFuturesProtocol, HearsTheTopicOfEveryRecordedMessage) {
    for (const char* name : {"trade", "trade_snapshot", "ticker"}) {
        for (const std::string& line : fixture(name)) {
            const Heard heard = protocol.hear("public", line);
            const std::string feed = std::string_view(name) == "ticker" ? "ticker." : "trade.";
            EXPECT_EQ(heard.what, Heard::What::data) << line;
            EXPECT_TRUE(heard.topic.starts_with(feed)) << line;
            EXPECT_TRUE(read_contract(heard.topic.substr(feed.size())).decoded()) << line;
        }
    }
}

TEST_F(KrakenFuturesProtocol, ErrorsComeWithHttp200) {
    const auto fault_of = [&](const char* body) {
        const ReplyText reply("instruments", body);
        const Protocol::Fault fault = protocol.fault(reply.view());
        return std::string(fault.text) + (fault.limited ? " (limited)" : "");
    };
    EXPECT_EQ(fault_of(R"({"result":"success","instruments":[]})"), "");
    EXPECT_EQ(fault_of(R"({"instruments":[],"result":"success"})"), "");
    EXPECT_EQ(fault_of(R"({"result":"error","error":"invalidArgument"})"), "invalidArgument");
    EXPECT_EQ(fault_of(R"({"result":"error","error":"apiLimitExceeded"})"),
              "apiLimitExceeded (limited)");
    EXPECT_EQ(fault_of("<html>"), "the reply is no JSON object");
}

TEST_F(KrakenFuturesProtocol, OnlyFreshMessagesTellTheVenuesClock) {
    EXPECT_EQ(protocol.venue_time(fixture("linear.written").back()),
              1'791'565'601'000 * millisecond);
    EXPECT_EQ(protocol.venue_time(R"({"feed":"heartbeat","time":1534262350627})"),
              1'534'262'350'627 * millisecond);
    EXPECT_EQ(
        protocol.venue_time(R"({"result":"success","serverTime":"2026-10-09T17:06:44.123Z"})"),
        1'791'565'604'123 * millisecond);
    EXPECT_FALSE(protocol.venue_time(fixture("trade").front()));
    EXPECT_FALSE(protocol.venue_time(fixture("trade_snapshot").front()));
}

TEST(KrakenFuturesOptions, AreChecked) {
    const auto configured = [](std::vector<testing::OptionText> texts) -> Status {
        testing::OptionValues values;
        Status status = values.parse<KrakenFutures>(texts);
        KrakenFutures kraken;
        if (status.ok()) status = kraken.configure(values.view());
        EXPECT_NE(kraken.protocol(), nullptr);
        return status;
    };
    EXPECT_TRUE(configured({}).ok());
    EXPECT_FALSE(configured({{"markets", "PF_XBTUSD"}}).ok());
    EXPECT_FALSE(configured({{"contracts", "spot"}}).ok());
}

}  // namespace
}  // namespace spillway::kraken_futures
