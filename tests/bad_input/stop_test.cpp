// Ctrl-C drains, prints the report and ends with 0; a second one ends at once with 130.

#include <csignal>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <spillway/testing/temporary_folder.hpp>

#include "support/command.hpp"
#include "support/database.hpp"

namespace spillway::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string flow(long long milliseconds) {
    return R"({"ts":)" + std::to_string(1'770'323'100'000 + milliseconds) +
           R"(,"venue":"glassnode","symbol":"USDT","kind":"stablecoin_flow","inflow_usd":5000000,)"
           R"("interval_ms":3600000})" +
           std::string("\n");
}

const std::string head =
    "name: stop\n"
    "sources:\n"
    "  events: {type: replay, path: events.jsonl}\n"
    "scorers:\n"
    "  pressure: {type: stablecoin_pressure, inputs: [events]}\n"
    "sinks:\n";

class Stop : public ::testing::TestWithParam<int> {};

TEST_P(Stop, DrainsAndReports) {
    const TemporaryFolder folder;
    folder.write("pipeline.yaml",
                 head +
                     "  store: {type: sqlite, inputs: [events], path: store.db}\n"
                     "  log: {type: file, inputs: [pressure], path: scores.jsonl}\n"
                     "  shown: {type: terminal, inputs: [pressure], show: [scores]}\n");
    // The second is due in a thousand hours.
    folder.write("events.jsonl", flow(0) + flow(3'600'000'000));
    Command run({.arguments = {"run", "pipeline.yaml", "--speed", "1", "--report", "report.json"},
                 .folder = folder.path()});
    ASSERT_TRUE(run.wait_for_output("pressure")) << run.err();
    run.signal(GetParam());
    EXPECT_EQ(run.wait(), 0) << run.err();
    EXPECT_THAT(run.err(), HasSubstr("stopped and drained"));
    EXPECT_THAT(run.out(), HasSubstr("The books balance: 1 records in"));
    EXPECT_THAT(content_of(folder / "report.json"), HasSubstr("\"interrupted\": true"));
    EXPECT_EQ(Database(folder / "store.db").value("SELECT count(*) FROM stablecoin_flows"), "1");
    EXPECT_THAT(content_of(folder / "scores.jsonl"), HasSubstr("pressure"));
}

INSTANTIATE_TEST_SUITE_P(Signals, Stop, ::testing::Values(SIGINT, SIGTERM), [](const auto& test) {
    return std::string(test.param == SIGINT ? "Interrupt" : "Terminate");
});

TEST(SecondStop, EndsAtOnce) {
    const TemporaryFolder folder;
    // Nobody reads this pipe, which holds 64 KiB: once it is full, nothing can drain.
    ASSERT_EQ(::mkfifo((folder / "scores.jsonl").c_str(), 0600), 0);
    folder.write("pipeline.yaml",
                 head + "  log: {type: file, inputs: [pressure], path: scores.jsonl}\n");
    // An unchanged score is repeated every minute.
    folder.write("events.jsonl", flow(0) + flow(100LL * 3'600'000) + flow(200LL * 3'600'000));
    Command run({.arguments = {"run", "pipeline.yaml"}, .folder = folder.path()});
    ASSERT_TRUE(run.wait_for_output("started")) << run.err();
    run.signal(SIGINT);
    ASSERT_TRUE(run.wait_for_output("stopping")) << run.err();
    run.signal(SIGINT);
    EXPECT_EQ(run.wait(), 130);
    EXPECT_THAT(run.out(), Not(HasSubstr("Run report")));
}

}  // namespace
}  // namespace spillway::testing
