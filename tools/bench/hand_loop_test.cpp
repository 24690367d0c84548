#include "hand_loop.hpp"

#include <fstream>
#include <limits>
#include <map>
#include <string>
#include <tuple>

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <spillway/testing/temporary_folder.hpp>

#include "force_order_generator.hpp"
#include "window_rows.hpp"

namespace spillway::bench {
namespace {

struct NamedLoop {
    const char* name;
    HandLoop* run;
};

class HandLoops : public ::testing::TestWithParam<NamedLoop> {
protected:
    LoopResult run(std::string_view frames) {
        const auto input = folder.write("in.jsonl", frames);
        const auto result = GetParam().run(input, folder / "out.jsonl");
        EXPECT_TRUE(result) << result.error();
        return result.value_or(LoopResult{});
    }
    [[nodiscard]] std::string output() const { return testing::content_of(folder / "out.jsonl"); }

    const testing::TemporaryFolder folder;
};

INSTANTIATE_TEST_SUITE_P(All, HandLoops,
                         ::testing::Values(NamedLoop{"simdjson", run_simdjson_loop},
                                           NamedLoop{"rapidjson", run_rapidjson_loop}),
                         [](const auto& loop) { return std::string(loop.param.name); });

/// The job said again with a document tree and maps, without a thought for speed.
struct NaiveWindows {
    // By start, instrument and side ("long" sorts before "short"): the order of the output.
    std::map<std::tuple<std::int64_t, std::string, std::string>, std::pair<int, double>> windows;
    std::uint64_t counted = 0;

    explicit NaiveWindows(const std::filesystem::path& path) {
        std::ifstream file(path);
        for (std::string line; std::getline(file, line);) {
            rapidjson::Document document;
            document.Parse(line.c_str());
            add((document.HasMember("data") ? document["data"] : document)["o"]);
        }
    }

    void add(const rapidjson::Value& order) {
        const double notional =
            std::stod(order["ap"].GetString()) * std::stod(order["z"].GetString());
        if (notional < 100'000) return;
        const std::string symbol = order["s"].GetString();
        const std::string instrument = symbol.substr(0, symbol.size() - 4) + "/USDT:USDT";
        const std::string side = order["S"].GetString() == std::string("SELL") ? "long" : "short";
        const std::int64_t time = order["T"].GetInt64();
        auto& [count, sum] = windows[{time - time % 60'000, instrument, side}];
        ++count;
        sum += notional;
        ++counted;
    }

    std::string rows() const {
        std::string text;
        for (const auto& [key, value] : windows) {
            const auto& [start, instrument, side] = key;
            append_json_line(text, {start, start + 60'000, instrument,
                                    side == "long" ? Side::long_position : Side::short_position,
                                    static_cast<std::uint64_t>(value.first), value.second});
        }
        return text;
    }
};

TEST_P(HandLoops, EqualANaiveComputation) {
    for (const FrameForm form : {FrameForm::bare, FrameForm::combined}) {
        const auto input = folder / "orders.jsonl";
        ASSERT_TRUE(write_force_orders(input, {.seed = 3, .frames = 20'000, .form = form}));
        const auto result = GetParam().run(input, folder / "out.jsonl");
        ASSERT_TRUE(result) << result.error();
        const NaiveWindows expected(input);
        EXPECT_EQ(output(), expected.rows());
        EXPECT_EQ(result->lines, 20'000U);
        EXPECT_EQ(result->counted, expected.counted);
        EXPECT_EQ(result->below_threshold, 20'000U - expected.counted);
        EXPECT_EQ(result->rejected + result->late, 0U);

        const auto summary = summarise_rows(folder / "out.jsonl");
        ASSERT_TRUE(summary) << summary.error();
        EXPECT_EQ(summary->rows, expected.windows.size());
        EXPECT_EQ(summary->count, expected.counted);
        EXPECT_NEAR(summary->notional_usd, result->counted_notional_usd, 1.0);
    }
}

std::string frame(std::string_view symbol, std::int64_t time_ms, std::string_view side = "SELL",
                  std::string_view average_price = "1000", std::string_view filled = "200") {
    std::string text = R"({"e":"forceOrder","E":1770000000998,"o":{"s":")";
    text.append(symbol).append(R"(","S":")").append(side);
    text.append(R"(","o":"LIMIT","f":"IOC","q":"300","p":"900","ap":")").append(average_price);
    text.append(R"(","X":"FILLED","l":"1","z":")").append(filled);
    text.append(R"(","T":)").append(std::to_string(time_ms)).append("}}\n");
    return text;
}

TEST_P(HandLoops, ReadFramesAsRecorded) {
    const auto result = run(
        // bare, as until 2026-06
        R"({"e":"forceOrder","E":1695714031883,"o":{"s":"BTCUSDT","S":"SELL","o":"LIMIT",)"
        R"("f":"IOC","q":"5.0","p":"26142.12","ap":"26245.10","X":"FILLED","l":"0.115",)"
        R"("z":"5.0","T":1695714031881}})"
        "\n"
        // combined, with a symbol outside ASCII, and no newline at the end
        R"({"stream":"!forceOrder@arr","data":{"e":"forceOrder","E":1695714032000,"o":{)"
        R"("s":"牛来USDT","S":"BUY","o":"LIMIT","f":"IOC","q":"9243000","p":"0.1005200",)"
        R"("ap":"0.1057892","X":"FILLED","l":"55","z":"9243000","T":1695714031990,)"
        R"("ps":"牛来USDT","st":1}}})");
    EXPECT_EQ(result.lines, 2U);
    EXPECT_EQ(result.counted, 2U);
    EXPECT_EQ(
        output(),
        R"({"window":"liq_1m","start":1695714000000,"end":1695714060000,)"
        R"("instrument":"BTC/USDT:USDT","side":"long","count":1,"sum_notional":131225.5})"
        "\n"
        R"({"window":"liq_1m","start":1695714000000,"end":1695714060000,)"
        R"("instrument":"牛来/USDT:USDT","side":"short","count":1,"sum_notional":977809.5756})"
        "\n");
}

TEST_P(HandLoops, RejectWhatIsNoUsdMarginedForceOrder) {
    std::string frames;
    frames += "\n{\n[1,2]\n\"text\"\n{}\n";
    frames += R"({"e":"aggTrade","o":{"s":"BTCUSDT","S":"SELL","ap":"1e6","z":"1","T":1}})";
    frames += "\n{\"e\":\"forceOrder\",\"o\":[1]}\n";
    frames += frame("BTCUSD_PERP", 1'000);  // quantity in contracts
    frames += frame("BTCUSDT", 1'000, "HOLD");
    frames += frame("BTCUSDT", 1'000, "SELL", "12abc");
    frames += frame("BTCUSDT", 1'000, "SELL", "1000", "");
    frames += frame("BTCUSDT", 1'000, "SELL", "inf");
    frames += frame("BTCUSDT", -1);
    frames += frame("BTCUSDT", std::numeric_limits<std::int64_t>::max());
    const auto result = run(frames);
    EXPECT_EQ(result.lines, 14U);
    EXPECT_EQ(result.rejected, 14U);
    EXPECT_EQ(output(), "");
}

TEST_P(HandLoops, UnfilledOrderCountsAtItsOwnPriceAndQuantity) {
    run(frame("BTCUSDT", 1'000, "SELL", "0", "200") + frame("ETHUSDT", 1'000, "SELL", "1000", "0"));
    EXPECT_NE(output().find(R"("BTC/USDT:USDT","side":"long","count":1,"sum_notional":180000})"),
              std::string::npos);
    EXPECT_NE(output().find(R"("ETH/USDT:USDT","side":"long","count":1,"sum_notional":300000})"),
              std::string::npos);
}

TEST_P(HandLoops, OrderOfFieldsDoesNotMatter) {
    const auto result = run(
        R"({"E":5,"e":"forceOrder","o":{"T":1000,"z":"200","ap":"1000","S":"BUY","s":"BTCUSDT"}})");
    EXPECT_EQ(result.counted, 1U);
}

TEST_P(HandLoops, WindowStaysOpenForFiveSecondsOfEventTime) {
    std::string frames = frame("BTCUSDT", 59'999);
    frames += frame("BTCUSDT", 64'999);
    frames += frame("BTCUSDT", 59'000);                    // the watermark stands at 59.999 s
    frames += frame("BTCUSDT", 65'000, "SELL", "1", "1");  // too small to count, yet time goes on
    frames += frame("BTCUSDT", 59'998);                    // late
    const auto result = run(frames);
    EXPECT_EQ(result.counted, 3U);
    EXPECT_EQ(result.late, 1U);
    EXPECT_EQ(output(),
              R"({"window":"liq_1m","start":0,"end":60000,"instrument":"BTC/USDT:USDT",)"
              R"("side":"long","count":2,"sum_notional":400000})"
              "\n"
              R"({"window":"liq_1m","start":60000,"end":120000,"instrument":"BTC/USDT:USDT",)"
              R"("side":"long","count":1,"sum_notional":200000})"
              "\n");
}

TEST_P(HandLoops, QuietHoursGiveNoRows) {
    const auto result = run(frame("BTCUSDT", 1'000) + frame("BTCUSDT", 3'600'000LL * 9));
    EXPECT_EQ(result.counted, 2U);
    EXPECT_EQ(summarise_rows(folder / "out.jsonl")->rows, 2U);
}

TEST_P(HandLoops, LineLongerThanABlockIsReadWhole) {
    std::string long_line = frame("BTCUSDT", 1'000);
    long_line.insert(1, R"("pad":")" + std::string(1'000'000, 'x') + R"(",)");
    const auto result = run(frame("ETHUSDT", 1'000) + long_line + frame("SOLUSDT", 1'000));
    EXPECT_EQ(result.lines, 3U);
    EXPECT_EQ(result.counted, 3U);
}

TEST_P(HandLoops, MissingInputAndUnwritableOutputAreNamed) {
    const auto no_input = GetParam().run(folder / "none.jsonl", folder / "out.jsonl");
    ASSERT_FALSE(no_input);
    EXPECT_NE(no_input.error().find("none.jsonl: cannot open"), std::string::npos);
    folder.write("in.jsonl", frame("BTCUSDT", 1'000));
    const auto no_output = GetParam().run(folder / "in.jsonl", folder / "no/out.jsonl");
    ASSERT_FALSE(no_output);
    EXPECT_NE(no_output.error().find("no/out.jsonl: cannot create"), std::string::npos);
}

}  // namespace
}  // namespace spillway::bench
