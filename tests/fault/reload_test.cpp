// SIGHUP puts another version of the pipeline file in force, without losing or doubling anything.

#include <algorithm>
#include <csignal>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <spillway/testing/temporary_folder.hpp>

#include "support/command.hpp"
#include "support/database.hpp"

namespace spillway::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr int events = 3000;

/// A source that sends its events in real time, within a second.
std::string pipeline(const std::string& transforms, const std::string& store_inputs) {
    return "name: live\n"
           "sources:\n"
           "  made: {type: generate, rate: 4000, count: " +
           std::to_string(events) +
           ", kinds: [liquidation]}\n"
           "transforms:\n" +
           transforms +
           "sinks:\n"
           "  store: {type: sqlite, inputs: [" +
           store_inputs +
           "], path: store.db}\n"
           "checkpoint: {store: store, interval: 10ms}\n";
}

const std::string cascades =
    "  markets: {type: normalise, inputs: [made]}\n"
    "  cascades: {type: cascades, inputs: [markets]}\n";
const std::string renamed =
    "  markets: {type: normalise, inputs: [made]}\n"
    "  large: {type: filter, inputs: [markets], where: [notional > 1000]}\n"
    "  episodes: {type: cascades, inputs: [markets], run: {was: cascades}}\n";

TEST(Reload, GoesOnWithTheNewFileWhereTheOldOneStopped) {
    const TemporaryFolder folder;
    folder.write("pipeline.yaml", pipeline(cascades, "markets, cascades"));
    Command run({{"run", "pipeline.yaml"}, folder.path(), {}});
    ASSERT_TRUE(run.wait_for_output("started"));
    folder.write("pipeline.yaml", pipeline(renamed, "markets, large, episodes"));
    run.signal(SIGHUP);
    EXPECT_TRUE(run.wait_for_output("live reloaded")) << run.err();
    EXPECT_EQ(run.wait(), 0) << run.err();
    EXPECT_THAT(run.out(), Not(HasSubstr("Goes on from"))) << "no other run came before";
    EXPECT_THAT(run.out(), HasSubstr(" records in since the reload at epoch "));
    EXPECT_THAT(run.err(), HasSubstr(" records since the reload at epoch "));
    // Nothing is missing, and the state went with the name.
    const Database store(folder / "store.db");
    EXPECT_EQ(store.value("SELECT count(*) FROM liquidations"), std::to_string(events));
    EXPECT_EQ(store.value("SELECT group_concat(DISTINCT node) FROM pipeline_state WHERE node IN "
                          "('cascades', 'episodes')"),
              "episodes");
}

TEST(Reload, AFileWithMistakesLeavesTheOldOneInForce) {
    const TemporaryFolder folder;
    folder.write("pipeline.yaml", pipeline(cascades, "markets, cascades"));
    Command run({{"run", "pipeline.yaml"}, folder.path(), {}});
    ASSERT_TRUE(run.wait_for_output("started"));
    folder.write("pipeline.yaml", pipeline(cascades, "markts"));
    run.signal(SIGHUP);
    EXPECT_TRUE(run.wait_for_output("the old file stays in force"));
    EXPECT_THAT(run.err(), HasSubstr("did you mean 'markets'?"));
    EXPECT_EQ(run.wait(), 0) << run.err();
    EXPECT_EQ(Database(folder / "store.db").value("SELECT count(*) FROM liquidations"),
              std::to_string(events));
}

TEST(Reload, ANodeThatCannotGoOnLeavesTheOldGraphRunningFromTheSameEpoch) {
    const TemporaryFolder folder;
    folder.write("pipeline.yaml", pipeline(cascades, "markets, cascades"));
    Command run({{"run", "pipeline.yaml"}, folder.path(), {}});
    ASSERT_TRUE(run.wait_for_output("started"));
    // The id stays, the type does not: its state means nothing to the new one.
    folder.write("pipeline.yaml", pipeline("  markets: {type: normalise, inputs: [made]}\n"
                                           "  cascades: {type: rollup, inputs: [markets]}\n",
                                           "markets, cascades"));
    run.signal(SIGHUP);
    EXPECT_TRUE(run.wait_for_output("the old file stays in force"));
    EXPECT_THAT(run.err(), HasSubstr("give it another id"));
    EXPECT_EQ(run.wait(), 0) << run.err();
    EXPECT_EQ(Database(folder / "store.db").value("SELECT count(*) FROM liquidations"),
              std::to_string(events));
}

TEST(Reload, AnotherStoreIsRefusedBeforeAnySinkBeginsAnew) {
    const TemporaryFolder folder;
    const auto with_store = [](const std::string& path) {
        std::string text = pipeline(cascades, "markets, cascades");
        text.replace(text.find("store.db"), 8, path);
        return text.insert(text.find("checkpoint"),
                           "  log: {type: file, inputs: [markets], path: "
                           "log.jsonl}\n");
    };
    folder.write("pipeline.yaml", with_store("store.db"));
    Command run({{"run", "pipeline.yaml"}, folder.path(), {}});
    ASSERT_TRUE(run.wait_for_output("started"));
    folder.write("pipeline.yaml", with_store("other.db"));
    run.signal(SIGHUP);
    EXPECT_TRUE(run.wait_for_output("the old file stays in force")) << run.err();
    EXPECT_THAT(run.err(), HasSubstr("store: this store holds no epoch"));
    EXPECT_EQ(run.wait(), 0) << run.err();
    EXPECT_EQ(Database(folder / "store.db").value("SELECT count(*) FROM liquidations"),
              std::to_string(events));
    const std::string log = content_of(folder / "log.jsonl");
    EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), events);
}

TEST(Reload, APipelineWithoutACheckpointIsNotReloadedAlsoIfTheNewFileHasOne) {
    const TemporaryFolder folder;
    const std::string with = pipeline(cascades, "markets, cascades");
    folder.write("pipeline.yaml", with.substr(0, with.find("checkpoint")));
    Command run({{"run", "pipeline.yaml"}, folder.path(), {}});
    ASSERT_TRUE(run.wait_for_output("started"));
    folder.write("pipeline.yaml", with);
    run.signal(SIGHUP);
    EXPECT_TRUE(run.wait_for_output("without `checkpoint` cannot be reloaded")) << run.err();
    EXPECT_EQ(run.wait(), 0) << run.err();
    EXPECT_EQ(Database(folder / "store.db").value("SELECT count(*) FROM liquidations"),
              std::to_string(events));
}

TEST(Reload, OnlyASpillwayIsSignalled) {
    const TemporaryFolder folder;
    folder.write("pipeline.yaml", pipeline(cascades, "markets, cascades"));
    const CommandResult run =
        run_command({{"run", "pipeline.yaml", "--speed", "max"}, folder.path(), {}});
    ASSERT_EQ(run.code, 0) << run.err;
    // It would end this test.
    const CommandResult reload = run_command(
        {{"reload", "pipeline.yaml", "--pid", std::to_string(::getpid())}, folder.path(), {}});
    EXPECT_NE(reload.code, 0);
    EXPECT_THAT(reload.err, HasSubstr("is not a spillway"));
}

TEST(Reload, ThePlanShowsWhatHappensToEachNodeAndItsState) {
    const TemporaryFolder folder;
    folder.write("pipeline.yaml", pipeline(cascades, "markets, cascades"));
    const CommandResult run =
        run_command({{"run", "pipeline.yaml", "--speed", "max"}, folder.path(), {}});
    ASSERT_EQ(run.code, 0) << run.err;
    folder.write("new.yaml", pipeline(renamed, "large, episodes"));
    const CommandResult plan = run_command({{"reload", "--plan", "new.yaml"}, folder.path(), {}});
    EXPECT_EQ(plan.code, 0) << plan.err;
    EXPECT_THAT(plan.out, HasSubstr("kept       markets"));
    EXPECT_THAT(plan.out, HasSubstr("added      large"));
    EXPECT_THAT(plan.out, HasSubstr("restarted  episodes"));
    EXPECT_THAT(plan.out, HasSubstr("taken over from cascades"));
}

}  // namespace
}  // namespace spillway::testing
