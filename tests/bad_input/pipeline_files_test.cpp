// A wrong pipeline file: exit code 2, every mistake with its place, nothing started, no file
// touched.

#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spillway/testing/temporary_folder.hpp>

#include "support/command.hpp"

namespace spillway::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct WrongFile {
    std::string name;
    std::string text;
    std::vector<std::string> told;  ///< places and messages
};

void PrintTo(const WrongFile& file, std::ostream* out) { *out << file.name; }

std::set<std::string> names_in(const TemporaryFolder& folder) {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
        names.insert(std::filesystem::relative(entry.path(), folder.path()));
    }
    return names;
}

const std::string head =
    "sources:\n"
    "  events: {type: replay, path: events.jsonl}\n";
const std::string tail =
    "sinks:\n"
    "  store: {type: sqlite, inputs: [events], path: out/store.db}\n"
    "  log: {type: file, inputs: [events], path: out/log.jsonl}\n";

const std::vector<WrongFile> wrong_files = {
    {"unknown_key",
     "sources:\n  events: {type: replay, path: events.jsonl, pathe: x}\n" + tail,
     {"pipeline.yaml:2:46: error", "'pathe'", "path"}},
    {"unknown_type",
     "sources:\n  events: {type: repley, path: events.jsonl}\n" + tail,
     {"pipeline.yaml:2:18: error", "'repley'", "replay"}},
    {"wrong_type",
     head + "transforms:\n  quiet:\n    type: window\n    inputs: [events]\n    every: often\n" +
         tail + "  more: {type: 'null', inputs: [quiet]}\n",
     {"pipeline.yaml:7:12: error", "duration", "'often'"}},
    {"unknown_choice",
     head +
         "scorers:\n  risk:\n    type: liquidation_risk\n    inputs: [events]\n"
         "    profile: scalled\n" +
         tail + "  more: {type: 'null', inputs: [risk]}\n",
     {"pipeline.yaml:7:14: error", "'scalled'", "scaled"}},
    {"out_of_range",
     head +
         "transforms:\n  cascades:\n    type: cascades\n    inputs: [events]\n"
         "    min_events: 0\n" +
         tail + "  more: {type: 'null', inputs: [cascades]}\n",
     {"pipeline.yaml:7:17: error", "min_events"}},
    {"cycle",
     head +
         "transforms:\n  a: {type: dedupe, inputs: [events, b]}\n"
         "  b: {type: dedupe, inputs: [a]}\n" +
         tail,
     {"pipeline.yaml:4:38: error", "cycle: a -> b -> a"}},
    {"unused_node",
     head + "transforms:\n  idle: {type: dedupe, inputs: [events]}\n" + tail,
     {"pipeline.yaml:4:3", "idle"}},
    {"duplicate_key",
     head + "  events: {type: replay, path: other.jsonl}\n" + tail,
     {"pipeline.yaml:3:3: error", "'events' is given twice, first at 2:3"}},
    {"missing_input",
     head + "transforms:\n  once: {type: dedupe}\n" + tail +
         "  more: {type: 'null', inputs: [once]}\n",
     {"pipeline.yaml:4:3: error", "inputs"}},
    {"unknown_input",
     head + tail + "  more: {type: 'null', inputs: [event]}\n",
     {"pipeline.yaml:6:33: error", "'event'", "events"}},
    {"unset_variable",
     "sources:\n  events: {type: replay, path: \"${RECORDING}\"}\n" + tail,
     {"pipeline.yaml:2:32: error", "RECORDING"}},
    {"condition",
     head +
         "transforms:\n  large:\n    type: filter\n    inputs: [events]\n"
         "    where: [notional > 1, side = long]\n" +
         tail + "  more: {type: 'null', inputs: [large]}\n",
     {"pipeline.yaml:7", "where[1]"}},
};

class WrongPipelineFile : public ::testing::TestWithParam<WrongFile> {};

TEST_P(WrongPipelineFile, StartsNothingAndTouchesNoFile) {
    const TemporaryFolder folder;
    folder.write("pipeline.yaml", GetParam().text);
    folder.write("events.jsonl", "");
    const CommandResult result =
        run_command({.arguments = {"run", "pipeline.yaml"}, .folder = folder.path()});
    EXPECT_EQ(result.code, 2) << result.out << result.err;
    EXPECT_THAT(result.err, HasSubstr("nothing was started"));
    for (const std::string& text : GetParam().told) EXPECT_THAT(result.err, HasSubstr(text));
    EXPECT_THAT(names_in(folder), ElementsAre("events.jsonl", "pipeline.yaml"));
    EXPECT_EQ(result.out, "");
}

INSTANTIATE_TEST_SUITE_P(Files, WrongPipelineFile, ::testing::ValuesIn(wrong_files),
                         [](const auto& test) { return test.param.name; });

TEST(WrongPipeline, TellsAllMistakesOfOneRun) {
    const TemporaryFolder folder;
    folder.write("pipeline.yaml",
                 "sources:\n"
                 "  events: {type: replay, path: \"${RECORDING}\", pathe: x}\n"
                 "transforms:\n"
                 "  windows: {type: window, inputs: [event], every: often}\n"
                 "scorers:\n"
                 "  risk: {type: liquidation_risk, inputs: [events], profile: scalled}\n"
                 "sinks:\n"
                 "  store: {type: sqlit, inputs: [risk, windows]}\n");
    const CommandResult result =
        run_command({.arguments = {"run", "pipeline.yaml"}, .folder = folder.path()});
    EXPECT_EQ(result.code, 2);
    for (const char* place : {":2:32:", ":2:48:", ":4:36:", ":4:51:", ":6:61:", ":8:17:"}) {
        EXPECT_THAT(result.err, HasSubstr(std::string("pipeline.yaml") + place));
    }
    EXPECT_THAT(names_in(folder), ElementsAre("pipeline.yaml"));
}

TEST(WrongPipeline, AJournalThatIsNeverReadBackIsTold) {
    const TemporaryFolder folder;
    folder.write("pipeline.yaml",
                 "sources:\n"
                 "  bybit: {type: live, venue: bybit, markets: [BTC], run: {journal: kept}}\n"
                 "sinks:\n"
                 "  log: {type: file, inputs: [bybit], path: log.jsonl}\n");
    const CommandResult result =
        run_command({.arguments = {"validate", "pipeline.yaml"}, .folder = folder.path()});
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_THAT(result.err,
                HasSubstr("pipeline.yaml:2:3: warning: the journal is never read back"));
}

TEST(WrongPipeline, NeedsNoRecordingToBeFound) {
    const TemporaryFolder folder;
    folder.write("pipeline.yaml", head + tail);  // events.jsonl is not there
    const CommandResult result =
        run_command({.arguments = {"run", "pipeline.yaml"}, .folder = folder.path()});
    EXPECT_EQ(result.code, 1) << result.err;
    EXPECT_THAT(result.err, HasSubstr("events.jsonl"));
}

}  // namespace
}  // namespace spillway::testing
