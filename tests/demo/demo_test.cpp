// The demo as it ships: what a user sees at the end of it.

#include <map>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <spillway/testing/temporary_folder.hpp>

#include "runtime/spec/diagnostic.hpp"
#include "support/database.hpp"
#include "support/run_pipeline.hpp"

namespace spillway::testing {
namespace {

const std::filesystem::path source_dir = SPILLWAY_SOURCE_DIR;

using ::testing::Contains;
using ::testing::Not;

PipelineRun demo_run() {
    PipelineRun run;
    run.file = source_dir / "pipelines/demo.yaml";
    run.overrides = {
        {"sources.recording.path", source_dir / "pipelines/data/replay-2026-02-05.jsonl.gz"},
        {"sinks.console.type", "'null'"}};  // the lines of the terminal are of no use here
    run.taps = {"cascades", "risk"};
    return run;
}

/// One run for all tests: it takes a second or two.
class Demo : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        folder = new TemporaryFolder;
        PipelineRun run = demo_run();
        run.settings.data_dir = folder->path();
        outcome = new PipelineOutcome(run_pipeline(run));
    }
    static void TearDownTestSuite() {
        delete outcome;
        delete folder;
    }
    static Database store() { return Database(*folder / "spillway-demo/spillway.db"); }

    static inline TemporaryFolder* folder = nullptr;
    static inline PipelineOutcome* outcome = nullptr;
};

TEST_F(Demo, EndsWellAndItsBooksBalance) {
    ASSERT_TRUE(outcome->diagnostics.empty()) << to_text(outcome->diagnostics);
    EXPECT_TRUE(outcome->result.status.ok()) << outcome->result.status.message();
    EXPECT_EQ(outcome->result.final.records, 57'394U);
    expect_balanced(outcome->result.final);
}

TEST_F(Demo, FindsThirtyCascadesOfBtcAndFourOfEth) {
    std::map<std::string, std::map<std::string, int>> ids;
    for (const std::string& line : outcome->lines.at("cascades")) {
        rapidjson::Document cascade;
        ASSERT_FALSE(cascade.Parse(line.c_str()).HasParseError());
        ++ids[cascade["market"].GetString()][cascade["cascade"].GetString()];
    }
    ASSERT_EQ(ids.size(), 2U);
    EXPECT_EQ(ids["BTC"].size(), 30U);
    EXPECT_EQ(ids["ETH"].size(), 4U);
    EXPECT_EQ(store().value("SELECT count(*) FROM cascade_episodes"), "34");
}

TEST_F(Demo, WritesOnlyUnderItsFolder) {
    for (const auto& entry : std::filesystem::directory_iterator(folder->path())) {
        EXPECT_EQ(entry.path().filename(), "spillway-demo");
    }
    EXPECT_TRUE(std::filesystem::exists(*folder / "spillway-demo/alerts.jsonl"));
}

/// Closes at which ignition downwards of BTC stood at 60 or more, after at least half an hour
/// below: `2026-02-05T20:15`.
std::vector<std::string> starts_of_ignition(const std::vector<std::string>& scores) {
    std::vector<std::string> starts;
    int below = 6;  // closes of five minutes
    for (const std::string& line : scores) {
        rapidjson::Document score;
        score.Parse(line.c_str());
        const auto is = [&](const char* key, std::string_view value) {
            return std::string_view(score[key].GetString()) == value;
        };
        if (!is("market", "BTC") || !is("name", "ignition") || !is("direction", "down") ||
            !score["at_close"].GetBool() || !score.HasMember("value")) {
            continue;
        }
        if (score["value"].GetDouble() < 60) {
            ++below;
            continue;
        }
        if (below >= 6) starts.emplace_back(score["time"].GetString(), 16);
        below = 0;
    }
    return starts;
}

// Onsets of BTC in the recording, by price and open interest: 2026-02-05 20:25 and 2026-02-06
// 00:05.

TEST_F(Demo, IgnitesTenMinutesBeforeTheFirstOnsetOfTheCrash) {
    EXPECT_THAT(starts_of_ignition(outcome->lines.at("risk")), Contains("2026-02-05T20:15"));
}

TEST(Ignition, OfPriceAndOpenInterestLeadsTheOnsetsOfTheCrashAsPublished) {
    PipelineRun run = demo_run();
    run.overrides.emplace_back("scorers.risk.weight_liquidations", "0");
    const TemporaryFolder folder;
    run.settings.data_dir = folder.path();
    const PipelineOutcome outcome = run_pipeline(run);
    const auto starts = starts_of_ignition(outcome.lines.at("risk"));
    EXPECT_THAT(starts, Contains("2026-02-05T20:20"));  // 5 min before 20:25
    EXPECT_THAT(starts, Contains("2026-02-05T23:40"));  // 25 min before 00:05
    EXPECT_THAT(starts, Not(Contains("2026-02-05T20:15")));
}

TEST(DemoOfFebruary2025, HasPressureThatLives) {
    PipelineRun run;
    run.file = source_dir / "pipelines/demo-2025-02-03.yaml";
    run.overrides = {
        {"sources.recording.path", source_dir / "pipelines/data/replay-2025-02-03.jsonl.gz"},
        {"sinks.console.type", "'null'"}};
    run.taps = {"pressure"};
    const TemporaryFolder folder;
    run.settings.data_dir = folder.path();
    const PipelineOutcome outcome = run_pipeline(run);
    ASSERT_TRUE(outcome.result.status.ok()) << outcome.result.status.message();
    expect_balanced(outcome.result.final);
    std::set<double> values;
    for (const std::string& line : outcome.lines.at("pressure")) {
        rapidjson::Document score;
        score.Parse(line.c_str());
        if (score.HasMember("value")) values.insert(score["value"].GetDouble());
    }
    EXPECT_GT(values.size(), 10U);
    EXPECT_LT(*values.begin(), 0);
    EXPECT_GT(*values.rbegin(), 0);
}

}  // namespace
}  // namespace spillway::testing
