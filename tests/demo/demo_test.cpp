// The demo as it ships: what a user sees at the end of it.

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <spillway/time.hpp>

#include "runtime/spec/diagnostic.hpp"
#include "support/database.hpp"
#include "support/run_pipeline.hpp"
#include "support/temporary_folder.hpp"

namespace spillway::testing {
namespace {

const std::filesystem::path source_dir = SPILLWAY_SOURCE_DIR;

/// One run for all tests: it takes a second or two.
class Demo : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        folder = new TemporaryFolder;
        PipelineRun run;
        run.file = source_dir / "pipelines/demo.yaml";
        run.overrides = {{"sources.recording.path",
                          source_dir / "pipelines/data/replay-2026-02-05.jsonl.gz"}};
        run.settings.data_dir = folder->path();
        run.taps = {"cascades", "risk"};
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
    EXPECT_EQ(store().value("SELECT count(*) FROM liquidation_cascades"), "34");
}

TEST_F(Demo, WritesOnlyUnderItsFolder) {
    for (const auto& entry : std::filesystem::directory_iterator(folder->path())) {
        EXPECT_EQ(entry.path().filename(), "spillway-demo");
    }
    EXPECT_TRUE(std::filesystem::exists(*folder / "spillway-demo/alerts.jsonl"));
}

/// When ignition downwards of BTC reached 60 after at least half an hour below.
std::vector<Time> ignitions() {
    std::vector<Time> found;
    Time last_above = time_before_all;
    for (const std::string& line : Demo::outcome->lines.at("risk")) {
        rapidjson::Document score;
        score.Parse(line.c_str());
        if (std::string_view(score["market"].GetString()) != "BTC" ||
            std::string_view(score["name"].GetString()) != "ignition" ||
            std::string_view(score["direction"].GetString()) != "down" ||
            !score.HasMember("value") || score["value"].GetDouble() < 60) {
            continue;
        }
        const Time time = parse_time(score["time"].GetString()).value();
        if (last_above == time_before_all || time - last_above >= 30 * minute) {
            found.push_back(time);
        }
        last_above = time;
    }
    return found;
}

}  // namespace
}  // namespace spillway::testing
