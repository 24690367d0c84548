// What a store remembers, as its user sees it and tidies it up.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spillway/testing/temporary_folder.hpp>

#include "support/command.hpp"
#include "support/database.hpp"

namespace spillway::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string without = R"(name: tidy
sources:
  made: {type: generate, count: 2000, kinds: [liquidation], seed: 7}
checkpoint: {store: store}
sinks:
  store: {type: sqlite, path: store.db, inputs: [made]}
)";
const std::string with = without + R"(  seen: {type: "null", inputs: [minutes]}
transforms:
  minutes: {type: window, inputs: [made], every: 1m, by: [venue], compute: [count]}
)";

class StateCommand : public ::testing::Test {
protected:
    void SetUp() override {
        folder.write("with.yaml", with);
        folder.write("without.yaml", without);
        ASSERT_EQ(command({"run", "with.yaml", "--speed", "max"}).code, 0);
    }
    [[nodiscard]] CommandResult command(const std::vector<std::string>& arguments) const {
        return run_command({.arguments = arguments, .folder = folder.path()});
    }
    [[nodiscard]] std::string rows(const std::string& where) const {
        return Database(folder / "store.db")
            .value("SELECT count(*) FROM pipeline_state WHERE " + where);
    }

    TemporaryFolder folder;
};

TEST_F(StateCommand, ListAndShowTellWhatANodeKeeps) {
    const CommandResult list = command({"state", "list", "with.yaml"});
    EXPECT_EQ(list.code, 0) << list.err;
    EXPECT_THAT(list.out, HasSubstr("minutes"));
    const CommandResult show = command({"state", "show", "with.yaml", "--node", "minutes"});
    EXPECT_EQ(show.code, 0) << show.err;
    EXPECT_THAT(show.out, HasSubstr("minutes"));
}

TEST_F(StateCommand, PruneRemovesWhatTheFileDoesNotHaveAndNothingElse) {
    const std::string others = rows("node IN ('made', 'store', 'spillway.ingress')");
    ASSERT_NE(rows("node = 'minutes'"), "0");
    const CommandResult dry = command({"state", "prune", "without.yaml", "--dry-run"});
    EXPECT_EQ(dry.code, 0) << dry.err;
    EXPECT_THAT(dry.out, HasSubstr("minutes"));
    EXPECT_NE(rows("node = 'minutes'"), "0");

    EXPECT_EQ(command({"state", "prune", "with.yaml"}).code, 0);
    EXPECT_NE(rows("node = 'minutes'"), "0") << "the file has it";
    const CommandResult prune = command({"state", "prune", "without.yaml"});
    EXPECT_EQ(prune.code, 0) << prune.err;
    EXPECT_THAT(prune.out, HasSubstr("minutes"));
    EXPECT_EQ(rows("node = 'minutes'"), "0");
    EXPECT_EQ(rows("1"), others);
    EXPECT_THAT(command({"state", "list", "without.yaml"}).out, Not(HasSubstr("minutes")));
}

TEST_F(StateCommand, PruneOfANodeTakesItsStateOnly) {
    EXPECT_EQ(command({"state", "prune", "with.yaml", "--node", "minutes"}).code, 0);
    EXPECT_EQ(rows("node = 'minutes'"), "0");
    EXPECT_NE(rows("node = 'made'"), "0");
    EXPECT_EQ(command({"run", "with.yaml", "--speed", "max"}).code, 0);
}

}  // namespace
}  // namespace spillway::testing
