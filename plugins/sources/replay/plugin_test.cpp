#include "plugin.hpp"

#include <set>

#include <gtest/gtest.h>

#include <spillway/event_json.hpp>
#include <spillway/node.hpp>
#include <spillway/testing/temporary_folder.hpp>

#include "common/input/testing/files.hpp"

namespace spillway::replay {
namespace {

struct Output {
    std::vector<std::string> events;  ///< as JSON
    std::vector<Event> raw;
    std::vector<std::string> letters;  ///< "place: reason"
    std::vector<Time> letter_times;
    std::string error;
};

void collect(const SourceOutput& out, Output& result) {
    for (const Event& event : out.events->events()) {
        PodVector<char> text;
        append_json(text, event, *out.events);
        result.events.emplace_back(view(text));
        result.raw.push_back(event);
    }
    for (const Event& event : out.letters->events()) {
        const DeadLetter* letter = read_dead_letter(*out.letters, event);
        result.letters.push_back(std::string(out.letters->text(event, letter->place)) + ": " +
                                 std::string(out.letters->text(event, letter->reason)));
        result.letter_times.push_back(event.receive_time);
    }
}

SourceOutput empty_output() {
    SourceOutput out;
    out.events = BatchRef::create();
    out.letters = BatchRef::create();
    out.node = "recording";
    return out;
}

Output read_rest(Replay& source, std::uint32_t limit = 256) {
    Output result;
    for (;;) {
        SourceOutput out = empty_output();
        const Result<ReadState> state = source.read(out, limit);
        collect(out, result);
        if (!state) result.error = state.error().message();
        if (!state || *state == ReadState::end) return result;
    }
}

class ReplayTest : public ::testing::Test {
protected:
    void open(Replay& source, const std::string& path, bool needs_ids = true) {
        source.options = {path, std::uint64_t{1} << 20U};
        const Status status = source.open({"pipeline", "recording", needs_ids});
        ASSERT_TRUE(status.ok()) << status.message();
    }
    Output read(const std::string& text) {
        Replay source;
        open(source, folder.write("x.jsonl", text));
        return read_rest(source);
    }
    /// The one event of a line, as JSON from the venue on.
    std::string only(const std::string& line) {
        const Output output = read(line);
        if (output.events.size() != 1) return output.letters.empty() ? "" : output.letters[0];
        const std::string& json = output.events[0];
        return json.substr(json.find("\"venue\""));
    }
    std::string shipped(const std::string& name) {
        return std::string(SPILLWAY_SOURCE_DIR) + "/" + name;
    }
    testing::TemporaryFolder folder;
};

TEST_F(ReplayTest, PriceWithAnIntervalIsABar) {
    EXPECT_EQ(
        only(
            R"({"ts":1737331200000,"venue":"binance","symbol":"BTCUSDT","kind":"price","price":101311.5,"open":106247.9,"high":106450.0,"low":99600.0,"volume_usd":13297202010.0,"interval_ms":14400000})"),
        R"("venue":"binance","instrument":"BTCUSDT","open":106247.9,"high":106450,"low":99600,"close":101311.5,"volume_usd":13297202010,"interval":"4h"})");
    EXPECT_EQ(
        only(
            R"({"ts":1769299200000,"venue":"binance","symbol":"ARBUSDT","kind":"price","price":0.1763,"derived":1,"interval_ms":300000})"),
        R"("venue":"binance","instrument":"ARBUSDT","estimate":true,"close":0.1763,"interval":"5m"})");
}

TEST_F(ReplayTest, PriceWithoutAnIntervalIsALastPrice) {
    EXPECT_EQ(only(R"({"ts":1737331200000,"venue":"x","symbol":"BTC","kind":"price","price":5})"),
              R"("venue":"x","instrument":"BTC","last":5})");
}

TEST_F(ReplayTest, FundingKeepsRateIntervalAndSpacingApart) {
    EXPECT_EQ(
        only(
            R"({"ts":1737331200000,"venue":"okx","symbol":"BTC","kind":"funding","rate":-0.0001,"interval_ms":3600000,"rate_interval_ms":28800000})"),
        R"("venue":"okx","instrument":"BTC","rate":-1e-04,"rate_interval_hours":8,"interval":"1h"})");
    EXPECT_EQ(
        only(
            R"({"ts":1769299200002,"venue":"binance","symbol":"ARBUSDT","kind":"funding","rate":1.25e-05})"),
        R"("venue":"binance","instrument":"ARBUSDT","rate":1.25e-05})");
}

TEST_F(ReplayTest, OpenInterestAndRatio) {
    EXPECT_EQ(
        only(
            R"({"ts":1769299200000,"venue":"binance","symbol":"ARBUSDT","kind":"open_interest","oi_base":174785612.5,"oi_usd":30814703.48,"interval_ms":300000})"),
        R"("venue":"binance","instrument":"ARBUSDT","base":174785612.5,"notional":30814703.48,"interval":"5m"})");
    EXPECT_EQ(
        only(
            R"({"ts":1737331200000,"venue":"binance","symbol":"BTCUSDT","kind":"long_short_ratio","ratio":0.86,"scope":"top_position","interval_ms":14400000})"),
        R"("venue":"binance","instrument":"BTCUSDT","ratio":0.86,"population":"top_position","interval":"4h"})");
}

TEST_F(ReplayTest, SideTellsOneOrderFromASum) {
    const std::string sum = only(
        R"({"ts":1733828566000,"venue":"binance","symbol":"ADAUSDT","kind":"liquidation","long_usd":202.04,"short_usd":0.0,"long_count":1,"short_count":0,"interval_ms":60000,"big_buy_usd":91482.22})");
    EXPECT_EQ(
        sum,
        R"("venue":"binance","instrument":"ADAUSDT","long_notional":202.04,"short_notional":0,"long_count":1,"short_count":0,"interval":"1m"})");
    const Output one = read(
        R"({"ts":1733330785584,"venue":"binance","symbol":"BTCUSDT","kind":"liquidation","side":"long","price":94809.6,"qty":0.013,"usd":1232.5248})");
    ASSERT_EQ(one.raw.size(), 1U);
    EXPECT_EQ(one.raw[0].kind(), Kind::liquidation);
    const LiquidationPayload& order = one.raw[0].liquidation;
    EXPECT_EQ(order.notional, 1232.5248);
    EXPECT_EQ(order.side, Side::long_position);
    EXPECT_EQ(order.price_kind, PriceKind::fill);
    EXPECT_EQ(order.completeness, Completeness::sampled);
    EXPECT_EQ(one.raw[0].event_time, 1733330785584 * millisecond);
    EXPECT_EQ(one.raw[0].receive_time, one.raw[0].event_time);
    EXPECT_EQ(one.raw[0].market, MarketId::none);
}

TEST_F(ReplayTest, VenueAndPxTellPriceKindAndCompleteness) {
    const auto order = [&](const std::string& venue, const std::string& px) {
        return read(
                   R"({"ts":1733330785584,"symbol":"ETH","kind":"liquidation","side":"short","price":2,"qty":3,"venue":")" +
                   venue + "\"" + px + "}")
            .raw.at(0)
            .liquidation;
    };
    EXPECT_EQ(order("aave_base", R"(,"px":"binance_5m")").price_kind, PriceKind::oracle);
    EXPECT_EQ(order("aave_base", "").completeness, Completeness::complete);
    EXPECT_EQ(order("pacifica", "").completeness, Completeness::unknown);
    EXPECT_EQ(order("bybit", R"(,"px":"bankruptcy")").price_kind, PriceKind::bankruptcy);
    EXPECT_EQ(order("binance", R"(,"px":"limit")").price_kind, PriceKind::limit);
    EXPECT_EQ(order("binance", "").notional, 6);
}

TEST_F(ReplayTest, AMixedBatchIsForeignDataWithoutASide) {
    EXPECT_EQ(
        only(
            R"({"ts":1672979106536,"venue":"binance","symbol":"SANDUSDT","kind":"liquidation_batch","side":"long","usd":45795.43,"n":10,"funding_pct":0.01})"),
        R"("venue":"binance","instrument":"SANDUSDT","name":"liquidation_batch","usd":45795.43,"n":10,"funding_pct":0.01})");
}

TEST_F(ReplayTest, StablecoinFlowsConcernAllMarkets) {
    const Output flows = read(
        R"({"ts":1737331200000,"venue":"exchanges_agg","symbol":"USDT","kind":"stablecoin_flow","inflow_usd":5220070505.0,"outflow_usd":5329962732.0,"netflow_usd":-109892227.0,"interval_ms":86400000})");
    ASSERT_EQ(flows.events.size(), 2U);
    EXPECT_TRUE(flows.events[0].ends_with(
        R"("venue":"exchanges_agg","market":"*","amount":5220070505,"token":"USDT","flow":"EXCHANGE_INFLOW","interval":"1d"})"))
        << flows.events[0];
    EXPECT_TRUE(flows.events[1].ends_with(
        R"("amount":5329962732,"token":"USDT","flow":"EXCHANGE_OUTFLOW","interval":"1d"})"));
    EXPECT_NE(flows.raw[0].id, flows.raw[1].id);
    EXPECT_EQ(
        only(
            R"({"ts":1737331200000,"venue":"coinglass_supply","symbol":"DAI","kind":"stablecoin_flow","supply_usd":5364684243.0,"interval_ms":86400000})"),
        R"("venue":"coinglass_supply","market":"*","amount":5364684243,"token":"DAI","flow":"SUPPLY","interval":"1d"})");
}

TEST_F(ReplayTest, BadLinesAreDeadLettersAndTheRestGoesOn) {
    const std::string head = R"({"ts":1737331200000,"venue":"a","symbol":"b","kind":)";
    const std::vector<std::pair<std::string, std::string>> bad = {
        {"not json", "not a JSON object"},
        {head + R"("price","price":1)", "not a JSON object"},
        {head + R"("price","price":1} {})", "more than one JSON value"},
        {R"([1,2])", "not a JSON object"},
        {head + R"("price","price":NaN})", "price"},
        {head + R"("price","price":1,"x":nan})", "x: not a JSON value"},
        {head + R"("price","price":1e999})", "price: not a number"},
        {head + R"("price","price":1e300})", "price: 1e+300 is out of range"},
        {head + R"("price","price":-5})", "price: -5 is out of range"},
        {head + R"("price","price":"5"})", "price: not a number"},
        {head + R"("price"})", "price: missing"},
        {head + R"("prize","price":1})", "kind: unknown value 'prize'"},
        {head + "\"price\",\"price\":1,\"x\":\"\xC3\x28\"}", "UTF-8"},
        {R"({"ts":1737331200,"venue":"a","symbol":"b","kind":"price","price":1})", "2009 to 2100"},
        {R"({"ts":1703001600000000,"venue":"a","symbol":"b","kind":"price","price":1})",
         "2009 to 2100"},
        {R"({"ts":"now","venue":"a","symbol":"b","kind":"price","price":1})", "ts: not an integer"},
        {R"({"venue":"a","symbol":"b","kind":"price","price":1})", "ts: missing"},
        {R"({"ts":1737331200000,"symbol":"b","kind":"price","price":1})", "venue: missing"},
        {R"({"ts":1737331200000,"venue":"a","kind":"price","price":1})", "symbol: missing"},
        {R"({"ts":1737331200000,"venue":"a","symbol":"b"})", "kind: missing"},
        {head + R"("liquidation","long_usd":1,"short_usd":2})", "interval_ms: missing"},
        {head + R"("liquidation","side":"up","usd":2})", "side: unknown value 'up'"},
        {head + R"("liquidation","side":"long"})", "usd, or price and qty: missing"},
        {head + R"("long_short_ratio","ratio":2})", "scope: unknown value ''"},
        {head + R"("stablecoin_flow","netflow_usd":2})", "missing"},
        {head + R"("price","price":1,"interval_ms":1e15})", "interval_ms"},
        {std::string(2'000'000, 'x'), "the line has 2000000 bytes, max_line is 1048576"},
    };
    std::string text;
    for (const auto& [line, reason] : bad)
        text += line + "\n" + head + R"("price","price":7})" + "\n";
    const Output output = read(text);
    ASSERT_EQ(output.letters.size(), bad.size());
    EXPECT_EQ(output.events.size(), bad.size());
    for (std::size_t i = 0; i < bad.size(); ++i) {
        EXPECT_NE(output.letters[i].find(bad[i].second), std::string::npos) << output.letters[i];
        EXPECT_NE(output.letters[i].find("x.jsonl:" + std::to_string(2 * i + 1) + ": "),
                  std::string::npos);
        EXPECT_EQ(output.letter_times[i], 1737331200000 * millisecond);
    }
    EXPECT_EQ(output.error, "");
}

TEST_F(ReplayTest, ReceiveTimeNeverGoesBackEventTimeMay) {
    const auto line = [](const char* ts) {
        return std::string(R"({"venue":"a","symbol":"b","kind":"price","price":1,"ts":)") + ts +
               "}\n";
    };
    const Output output =
        read(line("1737331200000") + line("1737331100000") + line("1737331300000"));
    ASSERT_EQ(output.raw.size(), 3U);
    EXPECT_EQ(output.raw[1].receive_time, 1737331200000 * millisecond);
    EXPECT_EQ(output.raw[1].event_time, 1737331100000 * millisecond);
    EXPECT_EQ(output.raw[2].receive_time, 1737331300000 * millisecond);
}

TEST_F(ReplayTest, IdsTellEqualRowsApartAndIgnoreOrderAndSpelling) {
    const std::string a =
        R"({"ts":1737331200000,"venue":"a","symbol":"b","kind":"price","price":1.0,"id":7})";
    const std::string same =
        R"({"id":7,"kind":"price","price":1,"symbol":"b","venue":"a","ts":1737331200000})";
    const std::string other =
        R"({"ts":1737331200000,"venue":"a","symbol":"b","kind":"price","price":1.0,"id":8})";
    const Output output = read(a + "\n" + a + "\n" + other + "\n");
    EXPECT_EQ(std::set<Id>({output.raw[0].id, output.raw[1].id, output.raw[2].id}).size(), 3U);
    EXPECT_EQ(read(same + "\n" + same).raw[1].id, output.raw[1].id);

    Replay source;
    open(source, folder.write("y.jsonl", a), false);
    EXPECT_FALSE(read_rest(source).raw[0].id);
}

TEST_F(ReplayTest, GoesOnFromAPositionAsIfNothingHappened) {
    const std::string path = shipped("tests/data/ticks/aave-ethereum-btc-2020-2026.jsonl.gz");
    Replay whole;
    open(whole, path);
    const Output all = read_rest(whole);
    ASSERT_EQ(all.events.size(), 4514U);
    for (const std::uint32_t first : {1U, 100U, 2001U}) {
        Replay before;
        open(before, path);
        SourceOutput out = empty_output();
        ASSERT_TRUE(before.read(out, first));
        Output parts;
        collect(out, parts);
        StateWriter position;
        before.position(position);
        Replay after;
        open(after, path);
        ASSERT_TRUE(after.seek(position.bytes()).ok());
        const Output rest = read_rest(after);
        parts.events.insert(parts.events.end(), rest.events.begin(), rest.events.end());
        EXPECT_EQ(parts.events, all.events);
    }
}

TEST_F(ReplayTest, ReadsTheShippedRecordingsWithoutALossAndWithDistinctIds) {
    const std::vector<std::pair<std::string, std::size_t>> files = {
        {"pipelines/data/replay-2026-02-05.jsonl.gz", 57394},
        {"pipelines/data/replay-2025-02-03.jsonl.gz", 47583 + 110},  // in- and outflow of a record
        {"tests/data/ticks/binance-batches-2023-01.jsonl.gz", 8436},
        {"tests/data/ticks/binance-1m-counts-2024-12-10.jsonl.gz", 6580},
        {"tests/data/ticks/pacifica-2026-03-04.jsonl.gz", 4868},
        {"tests/data/ticks/multi-venue-eth-2026-04-03.jsonl.gz", 73}};
    for (const auto& [name, events] : files) {
        Replay source;
        open(source, shipped(name));
        const Output output = read_rest(source, 1000);
        EXPECT_EQ(output.error, "");
        EXPECT_TRUE(output.letters.empty()) << name << ": " << output.letters[0];
        EXPECT_EQ(output.events.size(), events) << name;
        std::set<Id> ids;
        for (const Event& event : output.raw) ids.insert(event.id);
        EXPECT_EQ(ids.size(), output.raw.size()) << name;
        const Progress progress = source.progress();
        EXPECT_EQ(progress.done, progress.total);
    }
}

TEST_F(ReplayTest, ATruncatedFileIsAnErrorAfterWhatWasRead) {
    std::string text;
    for (int i = 0; i < 20'000; ++i) {
        text += R"({"ts":)" + std::to_string(1737331200000 + i * 37) +
                R"(,"venue":"a","symbol":"b","kind":"price","price":)" + std::to_string(i + 1) +
                "}\n";
    }
    const std::string packed = testing::gzip(text);
    Replay source;
    open(source, folder.write("x.jsonl.gz", packed.substr(0, packed.size() - 1000)));
    const Output output = read_rest(source);
    EXPECT_GT(output.events.size(), 15'000U);
    EXPECT_NE(output.error.find("truncated"), std::string::npos);
    EXPECT_NE(output.error.find(std::to_string(output.events.size()) + " lines were read"),
              std::string::npos)
        << output.error;
}

}  // namespace
}  // namespace spillway::replay
