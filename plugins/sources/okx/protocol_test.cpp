#include "protocol.hpp"

#include <string>

#include <gtest/gtest.h>

#include "common/venues/testing/protocol_test.hpp"
#include "plugin.hpp"

namespace spillway::okx {
namespace {

using testing::fixture;
using testing::PlanText;
using testing::ReplyText;
using testing::Texts;

const std::string swaps = "instruments?instType=SWAP";
const std::string futures = "instruments?instType=FUTURES";
/// Written like the venue's list of 2026, of one dated contract.
const std::string dated =
    R"({"code":"0","msg":"","data":[{"instId":"BTC-USDT-261225","instType":"FUTURES",)"
    R"("ctType":"linear","ctVal":"0.01","ctMult":"1","ctValCcy":"BTC","settleCcy":"USDT",)"
    R"("state":"live","tickSz":"0.1"}]})";

std::string polls_of(std::string_view id) {
    return fmt::format(
        "?instId={}&limit=2&period=5m: long_short_ratio, every 5m, 30s later, "
        "statistics 1",
        id);
}

Texts swap_lines(std::string_view id) {
    const auto topic = [&](std::string_view channel, std::string_view rest) {
        return fmt::format(R"(topic public {{"channel":"{}","instId":"{}"}}: {})", channel, id,
                           rest);
    };
    return {topic("open-interest", "open_interest, every 1m"),
            topic("mark-price", "price, every 10s"),
            topic("funding-rate", "funding_rate, every 1m30s"),
            "poll long-short-account-ratio-contract" + polls_of(id),
            "poll long-short-account-ratio-contract-top-trader" + polls_of(id),
            "poll long-short-position-ratio-contract-top-trader" + polls_of(id)};
}

class OkxProtocol : public testing::ProtocolTest<Protocol, Options> {
protected:
    OkxProtocol() : ProtocolTest("public", {{}, {"BTC"}, {"linear", "inverse"}, false}) {}

    static std::vector<ReplyText> lists() {
        return {{swaps, fixture("rest.instruments").at(0)}, {futures, dated}};
    }
};

TEST_F(OkxProtocol, InstrumentListsComeFirstAndEveryHour) {
    PlanText plan;
    ASSERT_TRUE(protocol.prepare(plan).ok());
    EXPECT_EQ(plan.lines, (Texts{"quota public: 10 in 2s", "quota statistics: 5 in 2s",
                                 "poll " + swaps + ": instrument, every 1h, public 1",
                                 "poll " + futures + ": instrument, every 1h, public 1"}));
    EXPECT_EQ(plan.urls[0], "https://www.okx.com/api/v5/public/" + swaps);
}

TEST_F(OkxProtocol, ThePlanIsMadeOfTheRecordedList) {
    Texts expected = {
        "socket public: wss://ws.okx.com:8443/ws/v5/public",
        R"(topic public {"channel":"liquidation-orders","instType":"SWAP"}: liquidation)",
        R"(topic public {"channel":"liquidation-orders","instType":"FUTURES"}: liquidation)"};
    for (const char* id : {"BTC-USD-SWAP", "BTC-USDT-SWAP"}) {
        for (std::string& line : swap_lines(id)) expected.push_back(std::move(line));
    }
    expected.push_back(R"(topic public {"channel":"open-interest","instId":"BTC-USDT-261225"}: )"
                       "open_interest, every 1m");
    EXPECT_EQ(testing::plan_lines(protocol, lists()), expected);
}

TEST_F(OkxProtocol, ContractsCanBeLeftOutAndMarketsMissing) {
    options = {{}, {"UNI", "PEPE"}, {"linear"}, true};
    const Texts lines = testing::plan_lines(protocol, lists());
    ASSERT_EQ(lines.size(), 5U) << "UNI has an inverse swap only";
    EXPECT_EQ(lines[3],
              "missing UNI: OKX lists no swap or future of it among the chosen contracts");
    EXPECT_EQ(lines[4],
              "missing PEPE: OKX lists no swap or future of it among the chosen contracts");
}

TEST_F(OkxProtocol, PollsGoToTheStatistics) {
    PlanText plan;
    const std::vector<ReplyText> replies = lists();
    const std::vector<Reply> views = {replies[0].view(), replies[1].view()};
    ASSERT_TRUE(protocol.plan(views, plan).ok());
    EXPECT_EQ(plan.urls[0],
              "https://www.okx.com/api/v5/rubik/stat/contracts/long-short-account-ratio-contract"
              "?instId=BTC-USD-SWAP&limit=2&period=5m");
}

TEST_F(OkxProtocol, AReplyThatIsNoListMakesNoPlan) {
    const Texts lines = testing::plan_lines(protocol, {{swaps, R"({"code":"0"})"}});
    EXPECT_EQ(lines.back(), "failed: " + swaps + ": expected data");
}

TEST_F(OkxProtocol, SubscriptionsAreWrittenAsDocumented) {
    const std::string orders = R"({"channel":"liquidation-orders","instType":"SWAP"})";
    EXPECT_EQ(
        subscribe({orders}, true, 1512),
        R"({"id":"1512","op":"subscribe","args":[{"channel":"liquidation-orders","instType":"SWAP"}]})");
    EXPECT_EQ(subscribe({orders, R"({"channel":"mark-price","instId":"BTC-USDT-SWAP"})"}, false, 2),
              R"({"id":"2","op":"unsubscribe","args":[)"
              R"({"channel":"liquidation-orders","instType":"SWAP"},)"
              R"({"channel":"mark-price","instId":"BTC-USDT-SWAP"}]})");
}

TEST_F(OkxProtocol, HearsAnswersHeartbeatsAndGoodbyes) {
    EXPECT_EQ(hear(R"({"id":"1512","event":"subscribe","arg":{"channel":"liquidation-orders",)"
                   R"("instType":"SWAP"},"connId":"a4d3ae55"})"),
              R"(subscribed {"channel":"liquidation-orders","instType":"SWAP"})")
        << "an answer a topic: the id would stand for all topics of the request";
    EXPECT_EQ(hear("pong"), "alive");
    EXPECT_EQ(hear(R"({"event":"notice","code":"64008","msg":"Please reconnect.","connId":"c"})"),
              "leaving: Please reconnect.");
    EXPECT_EQ(hear(R"({"event":"channel-conn-count","channel":"mark-price","connCount":"2"})"),
              "alive");
    EXPECT_EQ(hear(R"({"arg":{"instId":"A","channel":"b"},"event":"unsubscribe"})"),
              R"(subscribed {"channel":"b","instId":"A"})");
    EXPECT_EQ(hear("not even JSON"), "data");
}

TEST_F(OkxProtocol, HearsTheRecordedAnswers) {
    Texts heard;
    for (const std::string& line : fixture("control")) {
        heard.push_back(hear(line).substr(0, 75));
    }
    ASSERT_EQ(heard.size(), 5U);
    EXPECT_EQ(heard[0], R"(subscribed {"channel":"tickers","instId":"BTC-USD-220527"})");
    EXPECT_EQ(heard[2], R"(subscribed {"channel":"tickers","instId":"BTC-USDT"})");
    EXPECT_TRUE(heard[3].starts_with(
        R"(refused {"channel":"liquidation-orders","instId":"BTC-USDT-SWAP"})"));
    EXPECT_TRUE(heard[4].starts_with("refused 1512: Illegal request:"));
}

TEST_F(OkxProtocol, HearsTheTopicOfEveryRecordedMessage) {
    for (const char* name : {"liquidation-orders", "mark-price", "open-interest", "funding-rate",
                             "tickers", "trades", "index-tickers"}) {
        for (const std::string& line : fixture(name)) {
            const Heard heard = protocol.hear("public", line);
            EXPECT_EQ(heard.what, Heard::What::data) << line;
            EXPECT_TRUE(heard.topic.starts_with(fmt::format(R"({{"channel":"{}","inst)", name)))
                << line;
            EXPECT_TRUE(heard.topic.ends_with("}"));
        }
    }
}

TEST_F(OkxProtocol, ErrorsComeWithHttp200) {
    const auto fault_of = [&](const char* body) {
        const ReplyText reply("open-interest", body);
        const Protocol::Fault fault = protocol.fault(reply.view());
        return fmt::format("{}{}", fault.text, fault.limited ? " (limited)" : "");
    };
    EXPECT_EQ(fault_of(R"({"code":"0","msg":"","data":[]})"), "");
    EXPECT_EQ(fault_of(R"({"data":[],"code":"0"})"), "");
    EXPECT_EQ(fault_of(R"({"code":"51001","msg":"Instrument ID does not exist.","data":[]})"),
              "Instrument ID does not exist.");
    EXPECT_EQ(fault_of(R"({"code":"50011","msg":"Too Many Requests","data":[]})"),
              "Too Many Requests (limited)");
    EXPECT_EQ(fault_of("<html>"), "the reply is no JSON object");
}

TEST_F(OkxProtocol, OnlyFreshMessagesTellTheVenuesClock) {
    EXPECT_EQ(protocol.venue_time(R"({"arg":{"channel":"mark-price","instId":"BTC-USDT-SWAP"},)"
                                  R"("data":[{"markPx":"1","ts":"1791565601482"}]})"),
              1'791'565'601'482 * millisecond);
    EXPECT_FALSE(protocol.venue_time(
        R"({"arg":{"channel":"liquidation-orders"},"data":[{"ts":"1791565601482"}]})"));
    EXPECT_FALSE(protocol.venue_time("pong"));
}

TEST(OkxOptions, OfTheProtocolAreChecked) {
    const auto configured = [](std::vector<testing::OptionText> texts) -> Status {
        testing::OptionValues values;
        Status status = values.parse<Okx>(texts);
        Okx okx;
        if (status.ok()) status = okx.configure(values.view());
        EXPECT_NE(okx.protocol(), nullptr);
        return status;
    };
    EXPECT_TRUE(configured({}).ok());
    EXPECT_FALSE(configured({{"markets", "BTC-USDT-SWAP"}}).ok());
    EXPECT_FALSE(configured({{"contracts", "spot"}}).ok());
}

}  // namespace
}  // namespace spillway::okx
