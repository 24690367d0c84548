// Full disk, read-only folder, locked database, two runs on one store: a clear error, exit code 1,
// and what was committed stays readable.

#include <csignal>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <spillway/testing/temporary_folder.hpp>

#include "support/command.hpp"
#include "support/database.hpp"

namespace spillway::testing {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

const std::string pipeline =
    "name: stores\n"
    "sources:\n"
    "  events: {type: replay, path: events.jsonl}\n"
    "scorers:\n"
    "  pressure: {type: stablecoin_pressure, inputs: [events]}\n"
    "sinks:\n"
    "  store: {type: sqlite, inputs: [events, pressure], path: out/store.db, busy_timeout: 50ms}\n"
    "  shown: {type: terminal, inputs: [pressure], show: [scores]}\n"
    "checkpoint: {store: store}\n";

/// Flows of stablecoins, one a second, from the given second on.
std::string flows(int first, int count) {
    std::string text;
    for (int i = first; i < first + count; ++i) {
        text += R"({"ts":)" + std::to_string(1'770'323'100'000 + i * 1000LL) +
                R"(,"venue":"glassnode","symbol":"USDT","kind":"stablecoin_flow","inflow_usd":)" +
                std::to_string(1'000'000 + i) + R"(,"interval_ms":3600000})" + '\n';
    }
    return text;
}

Command::Settings run_in(const TemporaryFolder& folder) {
    Command::Settings settings;
    settings.arguments = {"run", "pipeline.yaml"};
    settings.folder = folder.path();
    return settings;
}

class Stores : public ::testing::Test {
protected:
    void SetUp() override {
        folder.write("pipeline.yaml", pipeline);
        folder.write("events.jsonl", flows(0, 100));
    }
    [[nodiscard]] std::string rows() const {
        return Database(folder / "out/store.db").value("SELECT count(*) FROM stablecoin_flows");
    }
    TemporaryFolder folder;
};

TEST_F(Stores, KeepWhatWasCommittedWhenTheDiskIsFull) {
    ASSERT_EQ(run_command(run_in(folder)).code, 0);
    ASSERT_EQ(rows(), "100");
    folder.write("events.jsonl", flows(100, 40'000));
    Command::Settings settings = run_in(folder);
    settings.prepare = [] {
        const rlimit limit{2U << 20, 2U << 20};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        ::signal(SIGXFSZ, SIG_IGN);
    };
    const CommandResult result = run_command(settings);
    EXPECT_EQ(result.code, 1) << result.err;
    EXPECT_THAT(result.err, HasSubstr("error store: "));
    EXPECT_THAT(result.err, HasSubstr("store.db"));
    EXPECT_GE(std::stoi(rows()), 100);
    EXPECT_EQ(Database(folder / "out/store.db").value("PRAGMA integrity_check"), "ok");
}

/// Root may write everywhere; without this capability it may not.
void obey_permissions() {
    if (::getuid() != 0) return;
    if (::prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0) != 0 && ::setuid(65534) != 0) {
        ::_exit(125);
    }
}

TEST_F(Stores, CannotBeMadeInAReadOnlyFolder) {
    const auto out = folder / "out";
    std::filesystem::create_directory(out);
    std::filesystem::permissions(out, std::filesystem::perms::owner_write,
                                 std::filesystem::perm_options::remove);
    Command::Settings settings = run_in(folder);
    settings.prepare = obey_permissions;
    const CommandResult result = run_command(settings);
    EXPECT_EQ(result.code, 1) << result.err;
    EXPECT_THAT(result.err, HasSubstr("out/store.db"));
    EXPECT_THAT(result.err, AnyOf(HasSubstr("ermission denied"), HasSubstr("read-only"),
                                  HasSubstr("not writable")));
    EXPECT_TRUE(std::filesystem::is_empty(out));
}

TEST_F(Stores, StayAsTheyAreWhenAnotherProgramLocksThem) {
    ASSERT_EQ(run_command(run_in(folder)).code, 0);
    folder.write("events.jsonl", flows(100, 100));
    const Database other(folder / "out/store.db");
    ASSERT_TRUE(other.execute("BEGIN IMMEDIATE"));
    const CommandResult result = run_command(run_in(folder));
    EXPECT_EQ(result.code, 1) << result.err;
    EXPECT_THAT(result.err, HasSubstr("store.db"));
    EXPECT_THAT(result.err, AnyOf(HasSubstr("locked"), HasSubstr("busy")));
    ASSERT_TRUE(other.execute("ROLLBACK"));
    EXPECT_EQ(rows(), "100");
    EXPECT_EQ(run_command(run_in(folder)).code, 0);
    EXPECT_EQ(rows(), "200");
}

TEST_F(Stores, BelongToOneRunAtATime) {
    // The second flow is due in ten hours: the first run waits for it.
    folder.write("events.jsonl", flows(0, 1) + flows(36'000'000, 1));
    Command::Settings settings = run_in(folder);
    settings.arguments.insert(settings.arguments.end(), {"--speed", "1000"});
    Command first(settings);
    // A score was shown, so every sink is open.
    ASSERT_TRUE(first.wait_for_output("pressure")) << first.err();
    const CommandResult second = run_command(run_in(folder));
    EXPECT_EQ(second.code, 1) << second.err;
    EXPECT_THAT(second.err, HasSubstr("store.db"));
    EXPECT_THAT(second.err, HasSubstr("stores"));  // the pipeline that holds it
    EXPECT_THAT(second.err, HasSubstr("process "));
    first.signal(SIGINT);
    EXPECT_EQ(first.wait(), 0) << first.err();
    EXPECT_EQ(rows(), "1");
}

TEST_F(Stores, OfAKilledRunAreFree) {
    folder.write("events.jsonl", flows(0, 1) + flows(36'000'000, 1));
    Command::Settings settings = run_in(folder);
    settings.arguments.insert(settings.arguments.end(), {"--speed", "1000"});
    Command first(settings);
    ASSERT_TRUE(first.wait_for_output("pressure")) << first.err();
    first.signal(SIGKILL);
    EXPECT_EQ(first.wait(), -SIGKILL);
    EXPECT_EQ(run_command(run_in(folder)).code, 0);
    EXPECT_EQ(rows(), "2");
}

}  // namespace
}  // namespace spillway::testing
