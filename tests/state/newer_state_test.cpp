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

TEST(NewerState, StopsTheStartAndStaysAsItIs) {
    const TemporaryFolder folder;
    folder.write("pipeline.yaml", pipeline);
    const Command::Settings run = {.arguments = {"run", "pipeline.yaml", "--speed", "max"},
                                   .folder = folder.path()};
    ASSERT_EQ(run_command(run).code, 0);
    const auto content = [&] { return Database(folder / "store.db").content(); };
    {
        const Database store(folder / "store.db");
        ASSERT_NE(store.value("SELECT count(*) FROM pipeline_state WHERE node = 'minutes'"), "0");
        ASSERT_TRUE(store.execute("UPDATE pipeline_epochs SET finished = 0"));
        ASSERT_TRUE(
            store.execute("UPDATE pipeline_state SET schema_version = 99 "
                          "WHERE node = 'minutes' AND part NOT LIKE 'spillway.%'"));
    }
    const auto before = content();
    const CommandResult refused = run_command(run);
    EXPECT_EQ(refused.code, 1) << refused.out;
    EXPECT_THAT(refused.err, AllOf(HasSubstr("minutes"), HasSubstr("newer version"),
                                   HasSubstr("99"), HasSubstr("--fresh")));
    EXPECT_EQ(content(), before);

    Command::Settings fresh = run;
    fresh.arguments.emplace_back("--fresh");
    EXPECT_EQ(run_command(fresh).code, 0);
}

}  // namespace
}  // namespace spillway::testing
