#include "plugin.hpp"

#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <spillway/testing/frame_driver.hpp>

namespace spillway::binance {
namespace {

using testing::FrameDriver;
using testing::TestFrame;

const Time received = TestFrame{}.receive_time;

struct Session : FrameDriver<Binance> {
    explicit Session(bool needs_ids = true) : FrameDriver("binance", needs_ids) {}

    void step(const std::vector<std::string>& lines) { FrameDriver<Binance>::step(lines); }
    [[nodiscard]] std::string reason() const {
        EXPECT_EQ(refusals.size(), 1U);
        return refusals.empty() ? "" : refusals[0];
    }
};

/// One order inside its message, with the fields that a test is about.
std::string order(const std::string& symbol, const std::string& rest = R"(,"st":1)",
                  const std::string& side = "SELL") {
    return R"({"e":"forceOrder","E":1791565603055,"o":{"s":")" + symbol + R"(","S":")" + side +
           R"(","o":"LIMIT","f":"IOC","q":"0.190","p":"82338.30","ap":"82651.90","X":"FILLED","l":"0.155","z":"0.180","T":1791565602120)" +
           rest + "}}";
}

Event decode_one(const std::string& line) {
    Session session;
    session.step({line});
    EXPECT_EQ(session.events.size(), 1U) << (session.events.empty() ? session.reason() : "");
    return session.events.empty() ? Event{} : session.events[0];
}

std::string reason_of(const std::string& line) {
    Session session;
    session.step({line});
    EXPECT_TRUE(session.events.empty());
    EXPECT_EQ(session.books.dead_lettered, 1U);
    return session.reason();
}

TEST(Binance, ASaleLiquidatesALongAtTheAverageFill) {
    const Event event = decode_one(order("BTCUSDT"));
    EXPECT_EQ(event.kind(), Kind::liquidation);
    EXPECT_EQ(event.event_time, 1791565602120 * millisecond);
    EXPECT_EQ(event.receive_time, received);
    EXPECT_EQ(text_of(event.venue), "binance");
    EXPECT_EQ(text_of(event.instrument), "BTC/USDT:USDT");
    EXPECT_EQ(event.market, MarketId::none);
    EXPECT_EQ(event.liquidation.side, Side::long_position);
    EXPECT_EQ(event.liquidation.price, 82651.90);
    EXPECT_EQ(event.liquidation.quantity, 0.180);
    EXPECT_EQ(event.liquidation.notional, 82651.90 * 0.180);
    EXPECT_EQ(event.liquidation.price_kind, PriceKind::fill);
    EXPECT_EQ(event.liquidation.completeness, Completeness::sampled);
}

TEST(Binance, APurchaseLiquidatesAShort) {
    EXPECT_EQ(decode_one(order("BTCUSDT", "", "BUY")).liquidation.side, Side::short_position);
}

TEST(Binance, AnOrderWithoutAFillCountsAtItsOwnPriceAndQuantity) {
    const Event event = decode_one(
        R"({"e":"forceOrder","E":1,"o":{"s":"ETHUSDC","S":"BUY","q":"2","p":"3000.5","ap":"0","z":"0","T":1791565602120}})");
    EXPECT_EQ(event.liquidation.notional, 6001);
    EXPECT_EQ(event.liquidation.price_kind, PriceKind::limit);
}

TEST(Binance, CoinMarginedContractsAreWorthAFixedSumOfDollars) {
    const Event btc = decode_one(order("BTCUSD_PERP", R"(,"ps":"BTCUSD","st":2)"));
    EXPECT_EQ(text_of(btc.instrument), "BTC/USD:BTC");
    EXPECT_DOUBLE_EQ(btc.liquidation.notional, 18);
    EXPECT_DOUBLE_EQ(btc.liquidation.quantity, 18 / 82651.90);
    const Event eth = decode_one(order("ETHUSD_260925", ""));
    EXPECT_EQ(text_of(eth.instrument), "ETH/USD:ETH-260925");
    EXPECT_DOUBLE_EQ(eth.liquidation.notional, 1.8);
}

TEST(Binance, RefusesWhatCannotBeValued) {
    EXPECT_NE(reason_of(order("BTCUSDT", R"(,"st":2)")).find("'BTCUSDT' (st 2)"),
              std::string::npos);
    EXPECT_NE(reason_of(order("BTCUSD_PERP", R"(,"st":1)")).find("(st 1)"), std::string::npos);
    EXPECT_NE(reason_of(order("ETHBTC", "")).find("cannot tell the value"), std::string::npos);
    EXPECT_NE(reason_of(order("BTCUSDT", R"(,"st":3)")).find("st: expected 1"), std::string::npos);
}

TEST(Binance, RefusesDamagedMessages) {
    const std::string good = order("BTCUSDT");
    const auto with = [&](const std::string& from, const std::string& to) {
        std::string line = good;
        return line.replace(line.find(from), from.size(), to);
    };
    EXPECT_NE(reason_of("{\"e\":").find("not a JSON message"), std::string::npos);
    EXPECT_NE(reason_of("").find("not a JSON message"), std::string::npos);
    EXPECT_NE(reason_of(good.substr(0, good.size() - 30)).find("JSON"), std::string::npos);
    EXPECT_NE(reason_of(with("BTCUSDT", "BTC\xC3\x28USDT")).find("JSON"), std::string::npos);
    EXPECT_NE(reason_of(with("SELL", "HOLD")).find("S: expected SELL or BUY"), std::string::npos);
    EXPECT_NE(reason_of(with("82651.90", "-5")).find("ap: expected a number of 0 or more"),
              std::string::npos);
    EXPECT_NE(reason_of(with("82651.90", "NaN")).find("ap: not a number"), std::string::npos);
    EXPECT_NE(reason_of(with("0.180", "1e999")).find("z: not a number"), std::string::npos);
    EXPECT_NE(reason_of(with("1791565602120", "1703001600000000")).find("T: 1703001600000000"),
              std::string::npos);
    EXPECT_NE(reason_of(with("1791565602120", "\"x\"")).find("T: not an integer"),
              std::string::npos);
    EXPECT_NE(reason_of(with("forceOrder", "ticker_all")).find("'ticker_all' is not decoded"),
              std::string::npos);
    EXPECT_NE(reason_of("{}").find("neither an event"), std::string::npos);
}

TEST(Binance, AnswersToRequestsAreNoEvents) {
    Session session;
    session.step({R"({"result":null,"id":1})", R"({"result":["btcusdt@aggTrade"],"id":3})"});
    EXPECT_TRUE(session.events.empty());
    EXPECT_EQ(session.books.dead_lettered, 0U);
}

TEST(Binance, AFieldOrderOfItsOwnAndArraysMeanTheSame) {
    const std::string shuffled =
        R"({"o":{"T":1791565602120,"z":"0.180","ap":"82651.90","st":1,"S":"SELL","s":"\u0042TCUSDT"},"E":1791565603055,"e":"forceOrder"})";
    Session session;
    session.step({order("BTCUSDT"), shuffled, "[" + shuffled + "]",
                  R"({"data":)" + shuffled + R"(,"stream":"!forceOrder@arr"})",
                  std::string(R"({"stream":"!forceOrder@arr","data":[)") + order("BTCUSDT") + "," +
                      shuffled + "]}"});
    ASSERT_EQ(session.events.size(), 6U);
    for (const Event& event : session.events) {
        EXPECT_EQ(event.id, session.events[0].id);
        EXPECT_EQ(event.liquidation.notional, session.events[0].liquidation.notional);
        EXPECT_EQ(event.instrument, session.events[0].instrument);
    }
}

TEST(Binance, ABadOrderTakesTheWholeFrameBack) {
    Session session;
    session.step(
        {order("ETHUSDT"), std::string("[") + order("BTCUSDT") + "," + order("ETHBTC", "") + "]"});
    EXPECT_EQ(session.events.size(), 1U);
    EXPECT_EQ(session.books.dead_lettered, 1U);
}

TEST(Binance, TheRawFormIsTheFrameItselfNotACopy) {
    Session session;
    session.step({order("ETHUSDT"), order("BTCUSDT")});
    EXPECT_EQ(session.batch->raw((*session.batch)[1]), order("BTCUSDT"));
    EXPECT_EQ((*session.batch)[1].blob_length, 0U);
}

TEST(Binance, IdsAreMadeOnlyWhereTheyAreNeeded) {
    Session session(false);
    session.step({order("BTCUSDT")});
    EXPECT_FALSE(session.events[0].id);
}

TEST(Binance, OrdersThatDifferHaveOtherIds) {
    Session session;
    session.step({order("BTCUSDT"), order("BTCUSDT", "", "BUY"), order("BTCUSDC", ""),
                  order("BTCUSD_PERP", "")});
    std::set<Id> ids;
    for (const Event& event : session.events) ids.insert(event.id);
    EXPECT_EQ(ids.size(), 4U);
}

TEST(Contracts, TellLinearInverseAndUnknown) {
    EXPECT_EQ(read_contract("1000PEPEUSDT").settlement, Settlement::linear);
    EXPECT_EQ(text_of(read_contract("1000PEPEUSDT").instrument), "1000PEPE/USDT:USDT");
    EXPECT_EQ(read_contract("BTCUSDT_251226").settlement, Settlement::linear);
    EXPECT_FALSE(read_contract("BTCUSDT_251226").perpetual);
    EXPECT_EQ(read_contract("BTCUSD_PERP").contract_size, 100);
    EXPECT_EQ(read_contract("LINKUSD_PERP").contract_size, 10);
    EXPECT_EQ(read_contract("ETHBTC").settlement, Settlement::unknown);
    EXPECT_EQ(read_contract("BTCUSD").settlement, Settlement::unknown);
}

TEST(Contracts, AreFoundAgainEvenWhenTheCacheIsFull) {
    Contracts cache;
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 5000; ++i) {
            const std::string name = "COIN" + std::to_string(i);
            ASSERT_EQ(text_of(cache.find(name + "USDT").instrument), name + "/USDT:USDT");
        }
    }
}

}  // namespace
}  // namespace spillway::binance
