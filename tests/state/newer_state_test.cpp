// A store that a newer version of a plugin wrote into: the older one starts nothing, says which
// node it is and how to go on, and leaves the store as it was.

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spillway/testing/temporary_folder.hpp>

#include "support/command.hpp"
#include "support/database.hpp"

namespace spillway::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

const std::string pipeline = R"(name: newer
sources:
  made: {type: generate, count: 2000, kinds: [liquidation], seed: 7}
transforms:
  minutes: {type: window, inputs: [made], every: 1m, by: [venue], compute: [count]}
sinks:
  store: {type: sqlite, path: store.db, inputs: [made]}
  log: {type: file, path: minutes.jsonl, inputs: [minutes]}
checkpoint: {store: store}
)";

/// Of whom, which rows, and what is said of them.
struct Newer {
    std::string node, parts, reason;
};

class NewerState : public ::testing::TestWithParam<Newer> {};

TEST_P(NewerState, StopsTheStartAndStaysAsItIs) {
    const auto& [node, parts, reason] = GetParam();
    const TemporaryFolder folder;
    folder.write("pipeline.yaml", pipeline);
    const Command::Settings run = {.arguments = {"run", "pipeline.yaml", "--speed", "max"},
                                   .folder = folder.path()};
    ASSERT_EQ(run_command(run).code, 0);
    const auto content = [&] { return Database(folder / "store.db").content(); };
    {
        const Database store(folder / "store.db");
        const std::string where = " WHERE node = '" + node + "' AND part " + parts;
        ASSERT_NE(store.value("SELECT count(*) FROM pipeline_state" + where), "0");
        ASSERT_TRUE(store.execute("UPDATE pipeline_epochs SET finished = 0"));
        ASSERT_TRUE(store.execute("UPDATE pipeline_state SET schema_version = 99" + where));
    }
    const auto before = content();
    const CommandResult refused = run_command(run);
    EXPECT_EQ(refused.code, 1) << refused.out;
    EXPECT_THAT(refused.err, AllOf(HasSubstr(node), HasSubstr(reason), HasSubstr("--fresh")));
    EXPECT_EQ(content(), before);

    Command::Settings fresh = run;
    fresh.arguments.emplace_back("--fresh");
    EXPECT_EQ(run_command(fresh).code, 0);
}

INSTANTIATE_TEST_SUITE_P(Parts, NewerState,
                         ::testing::Values(Newer{"minutes", "NOT LIKE 'spillway.%'",
                                                 "newer version"},
                                           Newer{"made", "= 'spillway.position'", "newer spillway"},
                                           Newer{"log", "= 'spillway.position'", "newer spillway"}),
                         [](const auto& test) { return test.param.node; });

}  // namespace
}  // namespace spillway::testing
