// A plugin that throws is a defect of that plugin: the pipeline goes on from the last epoch, and
// gives up the record, not the run, when it happens again and again.

#include <algorithm>
#include <array>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spillway/testing/temporary_folder.hpp>

#include "support/command.hpp"
#include "support/database.hpp"

namespace spillway::testing {
namespace {

using ::testing::HasSubstr;

constexpr int prices = 5000;
constexpr int worst = 3217;

std::string pipeline(const std::string& options, bool checkpoint = true) {
    return "name: defect\n"
           "sources:\n"
           "  ticks: {type: replay, path: ticks.jsonl}\n"
           "transforms:\n"
           "  markets: {type: normalise, inputs: [ticks]}\n"
           "  brittle: {type: throws_at, inputs: [markets], " +
           options +
           "}\n"
           "sinks:\n"
           "  store: {type: sqlite, inputs: [markets], path: store.db}\n"
           "  log: {type: file, inputs: [brittle], path: log.jsonl}\n" +
           (checkpoint ? "checkpoint: {store: store, interval: 10ms}\n" : "");
}

class Defect : public ::testing::Test {
protected:
    void SetUp() override {
        std::string lines;
        for (int i = 1; i <= prices; ++i) {
            const char* const symbol =
                std::array{"BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT"}[i % 4];
            lines += R"({"ts":)" + std::to_string(1'770'323'100'000 + i * 1000LL) +
                     R"(,"venue":"binance","symbol":")" + symbol + R"(","kind":"price","price":)" +
                     std::to_string(i) + "}\n";
        }
        folder.write("ticks.jsonl", lines);
    }
    CommandResult run(const std::string& text, const std::string& speed = "max") {
        folder.write("pipeline.yaml", text);
        return run_command(
            {{"run", "pipeline.yaml", "--plugin-dir", THROWS_AT_FOLDER, "--speed", speed},
             folder.path(),
             {}});
    }
    [[nodiscard]] std::string log() const { return content_of(folder / "log.jsonl"); }
    [[nodiscard]] std::string stored(const std::string& sql) const {
        return Database(folder / "store.db").value(sql);
    }
    static std::ptrdiff_t lines_of(const std::string& text) {
        return std::count(text.begin(), text.end(), '\n');
    }

    TemporaryFolder folder;
};

TEST_F(Defect, AtThreeFailuresTheRecordBecomesADeadLetterAndAllElseStays) {
    const CommandResult result = run(pipeline("price: " + std::to_string(worst)));
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_THAT(result.err, HasSubstr("brittle: cannot bear this price"));
    EXPECT_EQ(stored("SELECT count(*) FROM prices"), std::to_string(prices));
    EXPECT_EQ(stored("SELECT node || ' ' || attempt FROM dead_letters"), "brittle 3");
    EXPECT_THAT(stored("SELECT reason FROM dead_letters"), HasSubstr("cannot bear this price"));
    // Everything else is there once, and counted as if the record had never been.
    EXPECT_EQ(lines_of(log()), prices - 1);
    EXPECT_THAT(log(), HasSubstr("\"last\":" + std::to_string(prices) +
                                 ",\"mark\":" + std::to_string(prices / 4)));
    EXPECT_THAT(log(), HasSubstr("\"last\":" + std::to_string(prices - 3) +
                                 ",\"mark\":" + std::to_string(prices / 4 - 1)));
    EXPECT_THAT(log(), Not(HasSubstr("\"last\":" + std::to_string(worst) + ",")));
}

TEST_F(Defect, InOneShardTakesNothingFromTheOthers) {
    const CommandResult result =
        run(pipeline("price: " + std::to_string(worst) + ", run: {parallelism: 3}"));
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(stored("SELECT node || ' ' || attempt FROM dead_letters"), "brittle 3");
    const std::string sharded = log();
    EXPECT_EQ(run(pipeline("price: " + std::to_string(worst))).code, 0);
    EXPECT_TRUE(sharded == log());
    EXPECT_EQ(lines_of(sharded), prices - 1);
}

TEST_F(Defect, InATimerEndsTheRunAtTheThirdTimeAndLosesNothing) {
    EXPECT_EQ(run(pipeline("price: -1")).code, 0);
    const std::string undisturbed = log();
    // A quarter of a second, so that there are epochs; a finished run starts over.
    const CommandResult result =
        run(pipeline("in_timer: true, price: " + std::to_string(worst)), "20000");
    EXPECT_EQ(result.code, 1);
    EXPECT_THAT(result.err, HasSubstr("brittle: cannot bear this price"));
    EXPECT_GT(lines_of(log()), 0);
    EXPECT_LT(lines_of(log()), prices);
    // The plugin is mended: on it goes, with what it had.
    const CommandResult mended = run(pipeline("price: -1"));
    EXPECT_EQ(mended.code, 0) << mended.err;
    EXPECT_THAT(mended.err, HasSubstr("goes on from epoch"));
    EXPECT_TRUE(log() == undisturbed);
    EXPECT_EQ(stored("SELECT count(*) FROM prices"), std::to_string(prices));
}

TEST_F(Defect, InATimerThatPassesLeavesNoTrace) {
    EXPECT_EQ(run(pipeline("price: -1")).code, 0);
    const std::string undisturbed = log();
    const CommandResult result =
        run(pipeline("in_timer: true, price: " + std::to_string(worst) + ", times: 2"), "20000");
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_THAT(result.err, HasSubstr("going on from the last epoch"));
    EXPECT_TRUE(log() == undisturbed);
}

TEST_F(Defect, TheLastRecordOfAllIsNoException) {
    const CommandResult result = run(pipeline("price: " + std::to_string(prices)));
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(stored("SELECT count(*) FROM prices"), std::to_string(prices));
    EXPECT_EQ(stored("SELECT node || ' ' || attempt FROM dead_letters"), "brittle 3");
    EXPECT_EQ(lines_of(log()), prices - 1);
}

TEST_F(Defect, OneThatPassesLeavesNoTrace) {
    const std::string undisturbed = [&] {
        EXPECT_EQ(run(pipeline("price: -1")).code, 0);
        return log();
    }();
    const CommandResult result = run(pipeline("price: " + std::to_string(worst) + ", times: 1"));
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_THAT(result.err, HasSubstr("going on from the last epoch"));
    EXPECT_TRUE(log() == undisturbed);
    EXPECT_EQ(stored("SELECT count(*) FROM dead_letters"), "0");
}

TEST_F(Defect, EndsTheRunWhereThereIsNoCheckpointToGoOnFrom) {
    const CommandResult result = run(pipeline("price: " + std::to_string(worst), false));
    EXPECT_EQ(result.code, 1);
    EXPECT_THAT(result.err, HasSubstr("cannot bear this price"));
}

}  // namespace
}  // namespace spillway::testing
