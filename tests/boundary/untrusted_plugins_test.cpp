// Plugin files that somebody else could have put there, through the command: none is offered, none
// of its code runs, a pipeline that names it does not start, and the user learns why and what to
// do.

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spillway/testing/temporary_folder.hpp>

#include "support/command.hpp"

namespace spillway::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string pipeline = R"(name: untrusted
sources:
  made: {type: generate, count: 10, kinds: [liquidation]}
transforms:
  large: {type: good, inputs: [made], mode: keep, password: none}
sinks:
  log: {type: file, path: log.jsonl, inputs: [large]}
)";

class UntrustedPlugins : public ::testing::Test {
protected:
    UntrustedPlugins() {
        fs::create_directory(plugins);
        fs::permissions(plugins, fs::perms::owner_all);
        fs::copy_file(original, file);
        fs::permissions(file, fs::perms::owner_all);
        folder.write("pipeline.yaml", pipeline);
    }

    CommandResult run(std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"--plugin-dir", plugins.string()});
        return run_command({.arguments = std::move(arguments), .folder = folder.path()});
    }
    /// The plugin is refused for `reason`, with advice, wherever somebody could come upon it.
    void expect_refused(const std::string& reason, const std::string& advice) {
        EXPECT_EQ(run({"validate", "pipeline.yaml"}).code, 2);
        const CommandResult refused = run({"run", "pipeline.yaml"});
        EXPECT_EQ(refused.code, 2) << refused.out;
        EXPECT_THAT(refused.err, AllOf(HasSubstr(reason), HasSubstr(advice)));
        EXPECT_FALSE(fs::exists(folder / "log.jsonl"));
        const CommandResult listed = run({"plugins", "list"});
        EXPECT_THAT(listed.out, Not(HasSubstr("Keeps \"large\" liquidations")));
        EXPECT_THAT(listed.out + listed.err, HasSubstr(reason));
        EXPECT_NE(run({"plugins", "describe", "good"}).code, 0);
    }

    const fs::path original = fs::path(SPILLWAY_BINARY_DIR) / "tests/plugins/good/good.so";
    TemporaryFolder folder;
    fs::path plugins = folder / "plugins";
    fs::path file = plugins / "good.so";
};

TEST_F(UntrustedPlugins, AreTrustedWhenNobodyElseCouldWriteThem) {
    const CommandResult result = run({"run", "pipeline.yaml"});
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_TRUE(fs::exists(folder / "log.jsonl"));
}

TEST_F(UntrustedPlugins, InAFolderThatOthersMayWriteAreRefused) {
    fs::permissions(plugins, fs::perms::others_write, fs::perm_options::add);
    expect_refused("writable by everybody", "chmod go-w");
}

TEST_F(UntrustedPlugins, ThatOthersMayWriteAreRefused) {
    fs::permissions(file, fs::perms::others_write, fs::perm_options::add);
    expect_refused("writable by everybody", "chmod go-w");
}

TEST_F(UntrustedPlugins, BehindALinkOutOfTheFolderAreRefused) {
    fs::remove(file);
    fs::copy_file(original, folder / "elsewhere.so");
    fs::create_symlink(folder / "elsewhere.so", file);
    expect_refused("symbolic link out of its folder", "Copy the file into the folder");
}

TEST_F(UntrustedPlugins, BehindALinkThatLeadsNowhereAreRefused) {
    fs::remove(file);
    fs::create_symlink(folder / "elsewhere.so", file);
    expect_refused("cannot be resolved", "Remove the broken link");
}

TEST_F(UntrustedPlugins, OfAnotherContentThanTheLockSaysAreRefused) {
    folder.write("plugins/plugins.lock", std::string(64, '0') + "  good.so\n");
    expect_refused("plugins.lock", "sha256sum");
}

TEST_F(UntrustedPlugins, ThatTheLockDoesNotListAreRefused) {
    folder.write("plugins/plugins.lock", std::string(64, '0') + "  other.so\n");
    expect_refused("plugins.lock", "sha256sum");
}

TEST_F(UntrustedPlugins, OfALockThatOthersMayWriteAreRefused) {
    const fs::path lock = folder.write("plugins/plugins.lock", "");
    fs::permissions(lock, fs::perms::others_write, fs::perm_options::add);
    expect_refused("writable by everybody", "chmod go-w");
}

}  // namespace
}  // namespace spillway::testing
