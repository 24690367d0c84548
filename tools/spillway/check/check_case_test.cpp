#include "check/check_case.hpp"

#include <cstdlib>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spillway/testing/temporary_folder.hpp>

namespace spillway::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

/// A folder with a case file and a file of frames.
class Case : public ::testing::Test {
protected:
    Case() { folder_.write("frames.jsonl", "{}\n"); }

    [[nodiscard]] auto read(const std::string& text) const {
        return CheckCase::read(folder_.write("check.yaml", text));
    }
    [[nodiscard]] std::string mistake(const std::string& text) const {
        const auto made = read(text);
        return made ? "" : made.error();
    }
    spillway::testing::TemporaryFolder folder_;
};

TEST_F(Case, GivesOptionsInTheNotationOfPipelineFiles) {
    const auto made = read(
        "plugin: window\n"
        "options: {every: 1m, by: [market, side], step: {BTC: 10, ETH: 1}}\n"
        "refuses: {by: [sidee, [a, b]]}\n");
    ASSERT_TRUE(made) << made.error();
    EXPECT_EQ(made->plugin, "window");
    EXPECT_THAT(made->options, ElementsAre(Pair("every", "1m"), Pair("by", "market, side"),
                                           Pair("step", "BTC: 10, ETH: 1")));
    EXPECT_THAT(made->refuses, ElementsAre(Pair("by", "sidee"), Pair("by", "a, b")));
}

TEST_F(Case, FindsFilesBesideItself) {
    const auto made = read(
        "options: {path: frames.jsonl}\n"
        "fixtures: [frames.jsonl, {file: frames.jsonl, type: response, channel: poll}]\n");
    ASSERT_TRUE(made) << made.error();
    EXPECT_EQ(made->options[0].second, (folder_ / "frames.jsonl").string());
    ASSERT_EQ(made->fixtures.size(), 2U);
    EXPECT_EQ(made->fixtures[0].type, FrameType::data);
    EXPECT_EQ(made->fixtures[1].type, FrameType::response);
    EXPECT_EQ(made->fixtures[1].channel, "poll");
}

TEST_F(Case, SaysWhatEventsToMakeUp) {
    const auto made = read(
        "events: {kinds: [trade, price], count: 7, span: 3h, markets: [BTC], canonical: false}\n");
    ASSERT_TRUE(made) << made.error();
    EXPECT_EQ(made->market.kinds, (KindSet{Kind::trade, Kind::price}));
    EXPECT_EQ(made->market.count, 7U);
    EXPECT_EQ(made->market.span, 3 * hour);
    EXPECT_FALSE(made->market.canonical);
}

TEST_F(Case, MistakesNameThePlaceAndSuggest) {
    EXPECT_THAT(mistake("optoins: {}\n"),
                HasSubstr("check.yaml:1:1: unknown key 'optoins'; did you mean 'options'?"));
    EXPECT_THAT(mistake("events:\n  kinds: [trades]\n"), HasSubstr(":2:11: 'trades' is no kind"));
    EXPECT_THAT(mistake("events: {span: 3}\n"), HasSubstr("expected a duration"));
    EXPECT_THAT(mistake("fixtures: [nothing.jsonl]\n"), HasSubstr("there is no file"));
    EXPECT_THAT(mistake("refuses: {by: side}\n"), HasSubstr("expected a list"));
    EXPECT_THAT(mistake("options: [\n"), HasSubstr("check.yaml:"));
}

TEST_F(Case, AnEmptyFileIsAllDefaults) {
    const auto made = read("");
    ASSERT_TRUE(made) << made.error();
    EXPECT_EQ(made->market.kinds, KindSet::all());
}

}  // namespace
}  // namespace spillway::cli
