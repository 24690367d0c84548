#include "run/next_steps.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spillway::cli {
namespace {

using runtime::NodeSpec;
using runtime::OptionDescription;
using runtime::OptionSetting;
using runtime::PluginDescription;

class NextSteps : public testing::Test {
protected:
    NextSteps() {
        path_.name = "path";
        path_.type = OptionType::path;
        sqlite_.name = "sqlite";
        sqlite_.category = Category::sink;
        NodeSpec store;
        store.id = "store";
        store.category = Category::sink;
        store.plugin = &sqlite_;
        OptionSetting file;
        file.description = &path_;
        file.text = "demo data/x.db";
        store.options = {file};
        store.inputs = {input_of({Kind::price, Kind::alert})};
        spec_.nodes = {store};
    }
    static runtime::InputSpec input_of(KindSet kinds) {
        runtime::InputSpec input;
        input.from = "events";
        input.kinds = kinds;
        return input;
    }
    /// The first step when the store takes these kinds.
    std::string first_step(KindSet kinds, bool live = false) {
        spec_.nodes[0].inputs = {input_of(kinds)};
        EndedRun run;
        run.program = "spillway";
        run.file = "demo.yaml";
        run.live = live;
        return next_steps(run, outputs_of(spec_, "."))[0];
    }

    OptionDescription path_;
    PluginDescription sqlite_;
    runtime::PipelineSpec spec_;
};

TEST_F(NextSteps, OutputsLieBelowTheDataDirectory) {
    const auto outputs = outputs_of(spec_, "/var/lib/spillway");
    ASSERT_EQ(outputs.size(), 1u);
    EXPECT_EQ(outputs[0].path, "/var/lib/spillway/demo data/x.db");
    EXPECT_EQ(outputs_of(spec_, ".")[0].path, "demo data/x.db");
    EXPECT_EQ(describe(outputs[0]), "sqlite   /var/lib/spillway/demo data/x.db");
}

EndedRun run_of(const char* file) {
    EndedRun run;
    run.program = "spillway";
    run.file = file;
    return run;
}

TEST_F(NextSteps, AreCommandsToPaste) {
    EndedRun run = run_of("demo.yaml");
    run.program = "build/release/bin/spillway";
    const auto steps = next_steps(run, outputs_of(spec_, "."));
    ASSERT_EQ(steps.size(), 3u);
    EXPECT_TRUE(steps[0].starts_with("sqlite3 -box 'demo data/x.db' \"select")) << steps[0];
    EXPECT_EQ(steps[1], "build/release/bin/spillway validate demo.yaml --graph mermaid");
    EXPECT_EQ(steps[2], "build/release/bin/spillway run demo.yaml --speed 3600");
}

TEST_F(NextSteps, AskForWhatTheStoreHas) {
    using ::testing::HasSubstr;
    EXPECT_THAT(first_step({Kind::score, Kind::alert}), HasSubstr("from cascade_alerts_utc"));
    EXPECT_THAT(first_step({Kind::score, Kind::price}), HasSubstr("from scores_utc"));
    EXPECT_THAT(first_step({Kind::score, Kind::cascade}), HasSubstr("from cascade_episodes_utc"));
    EXPECT_THAT(first_step({Kind::price, Kind::alert}, true), HasSubstr("from prices_utc"));
    EXPECT_THAT(first_step({Kind::score}, true), HasSubstr("from scores_utc"));
    EXPECT_THAT(first_step({Kind::extension}), HasSubstr("\".tables\""));
}

TEST_F(NextSteps, ShowNoPathThatASecretIsAPartOf) {
    spec_.nodes[0].options[0].secret = true;
    const auto outputs = outputs_of(spec_, "out");
    EXPECT_EQ(describe(outputs[0]), "sqlite   out/***");
    for (const std::string& step : next_steps(run_of("demo.yaml"), outputs)) {
        EXPECT_THAT(step, ::testing::Not(::testing::HasSubstr("sqlite3"))) << step;
    }
}

TEST_F(NextSteps, AreThreeWithoutAStoreToo) {
    EndedRun run = run_of("demo.yaml");
    EXPECT_EQ(next_steps(run, {}).size(), 3u);
    run.paced = true;
    EXPECT_EQ(next_steps(run, {}).size(), 3u);
}

TEST_F(NextSteps, OfALiveRunDoNotSpeedItUp) {
    EndedRun run = run_of("live.yaml");
    run.live = run.resumable = true;
    run.data_dir = "my data";
    const auto steps = next_steps(run, outputs_of(spec_, "."));
    ASSERT_EQ(steps.size(), 3u);
    EXPECT_NE(steps[0].find("from prices_utc"), std::string::npos) << steps[0];
    EXPECT_TRUE(steps[1].starts_with("spillway run live.yaml --data-dir 'my data'")) << steps[1];
    EXPECT_EQ(steps[2], "spillway doctor live.yaml");
}

TEST_F(NextSteps, OfARecordingBeginWithItsReplay) {
    EndedRun run = run_of("live.yaml");
    run.live = true;
    run.recording = "monday";
    const auto steps = next_steps(run, {});
    EXPECT_TRUE(steps[0].starts_with("spillway run live.yaml --replay monday --data-dir again"))
        << steps[0];
}

TEST_F(NextSteps, OfAFailedRunLookForTheCause) {
    EndedRun run = run_of("live.yaml");
    run.live = run.failed = run.resumable = run.has_dead_letters = true;
    const auto steps = next_steps(run, outputs_of(spec_, "."));
    ASSERT_EQ(steps.size(), 3u);
    EXPECT_EQ(steps[0], "spillway doctor live.yaml");
    EXPECT_EQ(steps[1], "spillway dead-letters list live.yaml");
    EXPECT_TRUE(steps[2].starts_with("spillway run live.yaml")) << steps[2];
}

}  // namespace
}  // namespace spillway::cli
