#include "plugin.hpp"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>

#include <gtest/gtest.h>

#include <spillway/event_json.hpp>
#include <spillway/fields.hpp>
#include <spillway/node.hpp>

namespace spillway::binance {
namespace {

constexpr Time received = 1'791'565'604 * second;

/// Puts frames through a decoder as the engine does, all in one input block.
class Session {
public:
    explicit Session(bool needs_ids = true) {
        NodeSetup setup;
        setup.id = "binance";
        setup.needs_ids = needs_ids;
        EXPECT_TRUE(decoder_.start(setup).ok());
        errors.reset(nullptr, nullptr);
    }

    void step(const std::vector<std::string>& lines, std::uint32_t session = 0) {
        std::size_t size = 0;
        for (const std::string& line : lines) size += line.size() + 1;
        BlockRef block(block_create(size));
        PodVector<Frame> frames;
        std::size_t at = 0;
        for (const std::string& line : lines) {
            char* const place = reinterpret_cast<char*>(block.get()->data) + at;
            std::memcpy(place, line.data(), line.size());
            Frame frame{};
            frame.receive_time = received;
            frame.sequence = caused_by_record(++sequence_);
            frame.bytes = {place, line.size()};
            frame.session = session;
            frame.venue = venue_id("binance");
            frame.type = FrameType::data;
            frames.push_back(frame);
            at += line.size() + 1;
        }
        Emitter port;
        port.reset(nullptr, nullptr);
        port.batch().set_block(block);
        StepInput in;
        in.frames = frames.view();
        StepOutput out{&port, 1, &errors, &books};
        books.in += lines.size();
        const Status status = decoder_.step(in, out);
        EXPECT_TRUE(status.ok()) << status.message();
        batch = port.take_batch();
        for (const Event& event : batch->events()) events.push_back(event);
    }
    [[nodiscard]] std::string reason() {
        EXPECT_EQ(errors.size(), 1U);
        if (errors.size() == 0) return "";
        const Event& event = errors.batch()[errors.size() - 1];
        return std::string(
            errors.batch().text(event, read_dead_letter(errors.batch(), event)->reason));
    }

    BatchRef batch;             ///< of the last step
    std::vector<Event> events;  ///< of all steps
    Emitter errors;
    Books books;

private:
    Binance decoder_;
    std::uint64_t sequence_ = 0;
};

std::string fixture(const std::string& name) {
    return std::string(SPILLWAY_SOURCE_DIR) + "/plugins/sources/binance/fixtures/" + name;
}

std::vector<std::string> read_lines(const std::string& path) {
    std::ifstream file(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
}

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

class Recorded : public testing::TestWithParam<const char*> {};

TEST_P(Recorded, FramesBecomeTheseEvents) {
    Session session;
    session.step(read_lines(fixture(std::string(GetParam()) + ".jsonl")));
    EXPECT_EQ(session.books.dead_lettered, 0U);
    std::vector<std::string> events;
    for (const Event& event : session.batch->events()) {
        Event shown = event;
        shown.set_absent(field::liquidation::raw);  // is the frame itself
        PodVector<char> text;
        append_json(text, event.kind() == Kind::liquidation ? shown : event, *session.batch);
        events.emplace_back(view(text));
    }
    const std::string golden = fixture(std::string(GetParam()) + ".events.jsonl");
    if (!std::filesystem::exists(golden)) {
        const std::string fresh = testing::TempDir() + GetParam() + ".events.jsonl";
        std::ofstream out(fresh);
        for (const std::string& event : events) out << event << "\n";
        FAIL() << golden << " is missing; check " << fresh << " by hand and copy it there";
    }
    EXPECT_EQ(events, read_lines(golden));
}

INSTANTIATE_TEST_SUITE_P(Files, Recorded,
                         testing::Values("force_order.combined", "force_order.raw",
                                         "force_order.without_st", "force_order.coin_margined",
                                         "mark_price"));

TEST(Binance, ASaleLiquidatesALongAtTheAverageFill) {
    const Event event = decode_one(order("BTCUSDT"));
    EXPECT_EQ(event.kind(), Kind::liquidation);
    EXPECT_EQ(event.event_time, 1791565602120 * millisecond);
    EXPECT_EQ(event.receive_time, received);
    EXPECT_EQ(text_of(event.venue), "binance");
    EXPECT_EQ(text_of(event.instrument), "BTC/USDT:USDT");
    EXPECT_EQ(text_of(event.market), "BTC");
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
    EXPECT_NE(reason_of(with("82651.90", "-5")).find("ap: -5 is out of range"), std::string::npos);
    EXPECT_NE(reason_of(with("82651.90", "NaN")).find("ap: not a number"), std::string::npos);
    EXPECT_NE(reason_of(with("0.180", "1e999")).find("z: not a number"), std::string::npos);
    EXPECT_NE(reason_of(with("1791565602120", "1703001600000000")).find("T: 1703001600000000"),
              std::string::npos);
    EXPECT_NE(reason_of(with("1791565602120", "\"x\"")).find("T: no trade time"),
              std::string::npos);
    EXPECT_NE(reason_of(with("forceOrder", "aggTrade")).find("'aggTrade' is not decoded"),
              std::string::npos);
    EXPECT_NE(reason_of(R"({"error":{"code":2,"msg":"Invalid request"},"id":1})")
                  .find("neither an event"),
              std::string::npos);
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

TEST(Binance, AReconnectBringsTheSameIdsAndOrdersDiffer) {
    const auto lines = read_lines(fixture("force_order.combined.jsonl"));
    Session session;
    session.step(lines, 1);
    const std::size_t count = session.events.size();
    session.step(lines, 2);
    ASSERT_EQ(session.events.size(), 2 * count);
    std::set<Id> ids;
    for (std::size_t i = 0; i < count; ++i) {
        EXPECT_EQ(session.events[i].id, session.events[count + i].id);
        ids.insert(session.events[i].id);
    }
    EXPECT_EQ(ids.size(), count);

    Session without_ids(false);
    without_ids.step(lines);
    EXPECT_FALSE(without_ids.events[0].id);
}

TEST(Contracts, TellLinearInverseAndUnknown) {
    EXPECT_EQ(read_contract("1000PEPEUSDT").settlement, Settlement::linear);
    EXPECT_EQ(text_of(read_contract("1000PEPEUSDT").market), "PEPE");
    EXPECT_EQ(read_contract("BTCUSDT_251226").settlement, Settlement::linear);
    EXPECT_FALSE(read_contract("BTCUSDT_251226").perpetual);
    EXPECT_EQ(read_contract("BTCUSD_PERP").contract_size, 100);
    EXPECT_EQ(read_contract("LINKUSD_PERP").contract_size, 10);
    EXPECT_EQ(read_contract("ETHBTC").settlement, Settlement::unknown);
    EXPECT_EQ(read_contract("BTCUSD").settlement, Settlement::unknown);
}

TEST(Contracts, AreFoundAgainEvenWhenTheCacheIsFull) {
    ContractCache cache;
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 5000; ++i) {
            std::string symbol = "COIN" + std::to_string(i) + "USDT";
            symbol.reserve(32);
            ASSERT_EQ(text_of(cache.find(symbol).market), "COIN" + std::to_string(i));
        }
    }
}

}  // namespace
}  // namespace spillway::binance
