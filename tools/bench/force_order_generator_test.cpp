#include "force_order_generator.hpp"

#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <spillway/testing/temporary_folder.hpp>

namespace spillway::bench {
namespace {

std::vector<std::string> lines_of(const ForceOrderOptions& options) {
    ForceOrderGenerator generator(options);
    std::vector<std::string> lines(options.frames);
    for (std::string& line : lines) generator.append_next(line);
    return lines;
}

rapidjson::Document parsed(const std::string& line) {
    rapidjson::Document frame;
    frame.Parse(line.data(), line.size());
    EXPECT_FALSE(frame.HasParseError()) << line;
    return frame;
}

TEST(ForceOrderGenerator, SameSeedGivesTheSameBytes) {
    EXPECT_EQ(lines_of({.seed = 7, .frames = 500}), lines_of({.seed = 7, .frames = 500}));
    EXPECT_NE(lines_of({.seed = 7, .frames = 500}), lines_of({.seed = 8, .frames = 500}));
}

TEST(ForceOrderGenerator, BytesDoNotChangeBetweenReleases) {
    EXPECT_EQ(lines_of({.frames = 1})[0],
              R"({"e":"forceOrder","E":1770000000998,"o":{"s":"BCHUSDT","S":"BUY","o":"LIMIT",)"
              R"("f":"IOC","q":"1.670","p":"525.44","ap":"524.41","X":"FILLED","l":"0.874",)"
              R"("z":"1.670","T":1770000000000}})"
              "\n");
}

TEST(ForceOrderGenerator, AFifthOfTheFramesIsLarge) {
    constexpr std::uint64_t frames = 20'000;
    std::uint64_t large = 0;
    std::uint64_t bytes = 0;
    for (const std::string& line : lines_of({.frames = frames})) {
        bytes += line.size();
        const auto frame = parsed(line);
        const auto& order = frame["o"];
        const double notional =
            std::stod(order["ap"].GetString()) * std::stod(order["z"].GetString());
        EXPECT_GT(notional, 0.0) << line;
        if (notional >= 100'000) ++large;
    }
    EXPECT_GT(large, frames * 15 / 100);
    EXPECT_LT(large, frames * 25 / 100);
    EXPECT_GT(bytes, frames * 170);
    EXPECT_LT(bytes, frames * 195);
}

TEST(ForceOrderGenerator, FramesAreSpacedInTradeTimeOverTwentySymbols) {
    std::set<std::string> symbols;
    std::set<std::string> sides;
    std::int64_t expected = 1'770'000'000'000;
    for (const std::string& line : lines_of({.frames = 2'000})) {
        const auto frame = parsed(line);
        EXPECT_EQ(frame["o"]["T"].GetInt64(), expected);
        EXPECT_GT(frame["E"].GetInt64(), expected);
        expected += 50;
        symbols.insert(frame["o"]["s"].GetString());
        sides.insert(frame["o"]["S"].GetString());
    }
    EXPECT_EQ(symbols.size(), 20U);
    EXPECT_EQ(sides, (std::set<std::string>{"BUY", "SELL"}));
}

TEST(ForceOrderGenerator, CombinedFramesCarryTheSameOrders) {
    const auto bare = lines_of({.frames = 200});
    const auto combined = lines_of({.frames = 200, .form = FrameForm::combined});
    for (std::size_t line = 0; line < bare.size(); ++line) {
        auto order = parsed(bare[line]);
        auto wrapped = parsed(combined[line]);
        EXPECT_STREQ(wrapped["stream"].GetString(), "!forceOrder@arr");
        auto& inner = wrapped["data"];
        EXPECT_EQ(inner["o"]["st"].GetInt(), 1);
        EXPECT_EQ(inner["o"]["ps"], inner["o"]["s"]);
        inner["o"].RemoveMember("st");
        inner["o"].RemoveMember("ps");
        EXPECT_EQ(inner, order);
    }
}

TEST(ForceOrderGenerator, FileHoldsTheLinesAndItsSizeIsReturned) {
    const testing::TemporaryFolder folder;
    const ForceOrderOptions options{.frames = 3'000};
    const auto bytes = write_force_orders(folder / "orders.jsonl", options);
    ASSERT_TRUE(bytes) << bytes.error();
    std::string expected;
    for (const std::string& line : lines_of(options)) expected += line;
    EXPECT_EQ(testing::content_of(folder / "orders.jsonl"), expected);
    EXPECT_EQ(*bytes, expected.size());
}

TEST(ForceOrderGenerator, UnwritableFileIsNamed) {
    const testing::TemporaryFolder folder;
    const auto bytes = write_force_orders(folder / "missing/orders.jsonl", {.frames = 1});
    ASSERT_FALSE(bytes);
    EXPECT_NE(bytes.error().find("missing/orders.jsonl"), std::string::npos);
    EXPECT_NE(bytes.error().find("No such file"), std::string::npos);
}

}  // namespace
}  // namespace spillway::bench
