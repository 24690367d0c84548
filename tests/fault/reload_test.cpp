// SIGHUP puts another version of the pipeline file in force, without losing or doubling anything.

#include <algorithm>
#include <csignal>
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <unistd.h>

#include <spillway/testing/temporary_folder.hpp>

#include "support/command.hpp"
#include "support/database.hpp"

namespace spillway::testing {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::Pair;

constexpr int events = 3000;

/// A source that sends its events in real time, within a second, to a store that keeps each once
/// and a file that would show a line that was written twice.
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
           "  log: {type: file, inputs: [markets], path: log.jsonl}\n"
           "checkpoint: {store: store, interval: 10ms}\n";
}

const std::string cascades =
    "  markets: {type: normalise, inputs: [made]}\n"
    "  cascades: {type: cascades, inputs: [markets]}\n";
const std::string renamed =
    "  markets: {type: normalise, inputs: [made]}\n"
    "  large: {type: filter, inputs: [markets], where: [notional > 1000]}\n"
    "  episodes: {type: cascades, inputs: [markets], run: {was: cascades}}\n";

void expect_each_event_once(const TemporaryFolder& folder) {
    EXPECT_EQ(Database(folder / "store.db").value("SELECT count(*) FROM liquidations"),
              std::to_string(events));
    const std::string log = content_of(folder / "log.jsonl");
    EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), events);
}

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
    expect_each_event_once(folder);
    EXPECT_EQ(Database(folder / "store.db")
                  .value("SELECT group_concat(DISTINCT node) FROM pipeline_state WHERE node IN "
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
    expect_each_event_once(folder);
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
    expect_each_event_once(folder);
}

TEST(Reload, AnotherStoreIsRefusedBeforeAnySinkBeginsAnew) {
    const TemporaryFolder folder;
    const auto with_store = [](const std::string& path) {
        std::string text = pipeline(cascades, "markets, cascades");
        return text.replace(text.find("store.db"), 8, path);
    };
    folder.write("pipeline.yaml", with_store("store.db"));
    Command run({{"run", "pipeline.yaml"}, folder.path(), {}});
    ASSERT_TRUE(run.wait_for_output("started"));
    folder.write("pipeline.yaml", with_store("other.db"));
    run.signal(SIGHUP);
    EXPECT_TRUE(run.wait_for_output("the old file stays in force")) << run.err();
    EXPECT_THAT(run.err(), HasSubstr("store: this store holds no epoch"));
    EXPECT_EQ(run.wait(), 0) << run.err();
    expect_each_event_once(folder);
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
    expect_each_event_once(folder);
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

TEST(Reload, TheCommandShowsThePlanAndSignalsTheProcess) {
    const TemporaryFolder folder;
    const auto slow = [](std::string text) { return text.replace(text.find("4000"), 4, "800"); };
    folder.write("pipeline.yaml", slow(pipeline(cascades, "markets, cascades")));
    Command run({{"run", "pipeline.yaml"}, folder.path(), {}});
    ASSERT_TRUE(run.wait_for_output("started"));
    folder.write("pipeline.yaml", slow(pipeline(renamed, "markets, large, episodes")));
    CommandResult reload;
    for (int tries = 0; tries < 100; ++tries) {  // until the store has an epoch to go on from
        reload = run_command({{"reload", "pipeline.yaml", "--pid", std::to_string(run.process())},
                              folder.path(),
                              {}});
        if (reload.code == 0) break;
    }
    EXPECT_EQ(reload.code, 0) << reload.err;
    EXPECT_THAT(reload.out, HasSubstr("added      large"));
    EXPECT_TRUE(run.wait_for_output("live reloaded")) << run.err();
    EXPECT_EQ(run.wait(), 0) << run.err();
    expect_each_event_once(folder);
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

    std::string forgotten = renamed;  // nobody says that the state is to be taken over
    forgotten.replace(forgotten.find(", run: {was: cascades}"), 22, "");
    folder.write("new.yaml", pipeline(forgotten, "large, episodes"));
    const CommandResult text = run_command({{"reload", "--plan", "new.yaml"}, folder.path(), {}});
    EXPECT_THAT(text.out, HasSubstr("added      episodes  begins with empty state"));
    EXPECT_THAT(text.out, ContainsRegex("removed +cascades +[0-9]+ state rows stay until"));
    const CommandResult json =
        run_command({{"reload", "--plan", "new.yaml", "--format", "json"}, folder.path(), {}});
    rapidjson::Document changes;
    changes.Parse(json.out.c_str());
    ASSERT_FALSE(changes.HasParseError()) << json.out;
    std::map<std::string, std::string> change_of;
    for (const auto& item : changes.GetArray()) {
        change_of[item["node"].GetString()] = item["change"].GetString();
    }
    EXPECT_THAT(change_of, IsSupersetOf({Pair("made", "kept"), Pair("large", "added"),
                                         Pair("episodes", "added"), Pair("cascades", "removed")}));
}

}  // namespace
}  // namespace spillway::testing
