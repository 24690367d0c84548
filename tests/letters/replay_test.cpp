// Refused, repaired, replayed: each record ends in the stores once, its letter says so, and the
// next run goes on as if nothing had been.

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "letter_run.hpp"
#include "support/database.hpp"

namespace spillway::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string line(int second, const std::string& symbol, int price) {
    return std::to_string(1'770'323'100'000 + second * 1000) + ' ' + symbol + ' ' +
           std::to_string(price) + '\n';
}

const std::string input = line(0, "BTCUSDT", 100) + line(1, "ETHUSDT", 7) +
                          line(2, "BTCUSDT", 5000) + line(3, "BTCUSDT", 101) +
                          line(4, "SOLUSDT", 9000) + line(5, "BTCUSDT", 102);
const std::vector<std::string> repair = {"--set", "sources.lines.symbols=[BTCUSDT, ETHUSDT]",
                                         "--set", "transforms.gate.limit=10000"};

std::string pipeline(const std::string& letters) {
    std::string text =
        "name: letters\n"
        "sources:\n"
        "  lines: {type: strict_lines, path: input}\n"
        "transforms:\n"
        "  gate: {type: strict_gate, inputs: [lines]}\n"
        "sinks:\n"
        "  store: {type: sqlite, inputs: [gate], path: store.db}\n"
        "  out: {type: file, inputs: [gate], path: out.jsonl}\n";
    if (letters.find("store") != std::string::npos) {
        text += "  letters: {type: sqlite, inputs: [gate], path: letters.db}\n";
    }
    return text + "checkpoint: {store: store}\n" + letters;
}

/// What a pipeline has stored.
class ReplayRun : protected LetterRun {
protected:
    void write(const std::string& letters) const {
        folder.write("pipeline.yaml", pipeline(letters));
        folder.write("input", input);
    }
    [[nodiscard]] std::vector<std::string> prices() const {
        return Database(folder / "store.db")
            .rows("SELECT symbol || ' ' || price FROM prices ORDER BY time");
    }
    [[nodiscard]] std::string epoch() const {
        return Database(folder / "store.db")
            .value("SELECT epoch || ' ' || finished FROM pipeline_epochs");
    }
    [[nodiscard]] long lines_out() const {
        const std::string text = content_of(folder / "out.jsonl");
        return std::count(text.begin(), text.end(), '\n');
    }
};

const std::string to_a_file = "dead_letters: {file: letters.jsonl}\n";

/// A pipeline whose letters go to the checkpoint store, to a file, or to a store of their own.
class Replay : public ::testing::TestWithParam<std::string>, protected ReplayRun {
protected:
    void SetUp() override { write(GetParam()); }
};

class ReplayFromAFile : public ::testing::Test, protected ReplayRun {
protected:
    void SetUp() override { write(to_a_file); }
};

TEST_P(Replay, BringsEachRecordToTheStoreOnce) {
    ASSERT_EQ(run().code, 0);
    EXPECT_THAT(prices(), ElementsAre("BTCUSDT 100.0", "BTCUSDT 101.0", "BTCUSDT 102.0"));
    EXPECT_EQ(lines_out(), 3);
    EXPECT_EQ(epoch().back(), '1');
    const std::string before = letters("list").out;
    EXPECT_THAT(before, HasSubstr("input:2"));
    EXPECT_THAT(before, HasSubstr("unknown symbol 'ETHUSDT'"));
    EXPECT_THAT(before, HasSubstr("gate"));

    std::vector<std::string> dry = repair;
    dry.insert(dry.end(), {"--all", "--dry-run"});
    EXPECT_THAT(letters("replay", dry).out, HasSubstr("3 would be replayed"));
    EXPECT_EQ(letters("list").out, before);

    std::vector<std::string> all = repair;
    all.push_back("--all");
    const CommandResult replayed = letters("replay", all);
    EXPECT_EQ(replayed.code, 1) << replayed.err;
    EXPECT_THAT(replayed.out, HasSubstr("2 replayed, 1 refused again"));
    EXPECT_THAT(replayed.out, HasSubstr("unknown symbol 'SOLUSDT'"));
    const std::vector<std::string> repaired = {"BTCUSDT 100.0", "ETHUSDT 7.0", "BTCUSDT 5000.0",
                                               "BTCUSDT 101.0", "BTCUSDT 102.0"};
    EXPECT_EQ(prices(), repaired);
    EXPECT_EQ(lines_out(), 5);
    EXPECT_EQ(epoch().back(), '1') << "a finished pipeline stays finished";

    const std::string after = letters("list", {"--format", "json"}).out;
    EXPECT_THAT(after, HasSubstr(R"("total":3)"));
    EXPECT_THAT(after, HasSubstr(R"("attempt":2)"));
    EXPECT_THAT(letters("list", {"--open"}).out, Not(HasSubstr("ETHUSDT")));

    // Again: nobody is left but the one that was refused.
    EXPECT_THAT(letters("replay", all).out, HasSubstr("0 replayed, 1 refused again"));
    EXPECT_EQ(prices(), repaired);
    EXPECT_EQ(lines_out(), 5);
    EXPECT_THAT(letters("list", {"--open", "--format", "json"}).out, HasSubstr(R"("attempt":3)"));

    all[1] = "sources.lines.symbols=[BTCUSDT, ETHUSDT, SOLUSDT]";
    const CommandResult last = letters("replay", all);
    EXPECT_EQ(last.code, 0) << last.out << last.err;
    EXPECT_EQ(prices().size(), 6U);
    EXPECT_EQ(letters("list", {"--open"}).out, "no dead letters\n");
    const CommandResult nothing = letters("replay", all);
    EXPECT_EQ(nothing.code, 0);
    EXPECT_THAT(nothing.out, HasSubstr("0 replayed, 0 refused again"));
    EXPECT_EQ(lines_out(), 6);

    // The whole input once more, with everything repaired: the same rows, nothing refused.
    std::vector<std::string> repaired_all = {all.begin(), all.end() - 1};
    const CommandResult whole = run(repaired_all);
    EXPECT_EQ(whole.code, 0) << whole.err;
    EXPECT_EQ(prices().size(), 6U);
    EXPECT_EQ(letters("list", {"--open"}).out, "no dead letters\n");
}

TEST_P(Replay, LeavesTheInputWhereItStood) {
    ASSERT_EQ(run().code, 0);
    // As if it had been stopped there: more input is to come.
    Database(folder / "store.db").execute("UPDATE pipeline_epochs SET finished = 0");
    std::vector<std::string> all = repair;
    all.push_back("--all");
    EXPECT_THAT(letters("replay", all).out, HasSubstr("2 replayed"));
    EXPECT_EQ(epoch().back(), '0');
    folder.write("input", input + line(6, "BTCUSDT", 103));
    const CommandResult next = run(repair);
    EXPECT_EQ(next.code, 0) << next.err;
    EXPECT_EQ(prices().size(), 6U) << "only the new line is read";
    EXPECT_EQ(lines_out(), 6);
}

TEST_P(Replay, NamesLettersByIdAndNode) {
    ASSERT_EQ(run().code, 0);
    std::vector<std::string> words = repair;
    words.insert(words.end(), {"--node", "gate"});
    EXPECT_THAT(letters("replay", words).out, HasSubstr("1 replayed, 0 refused again"));
    const std::string list = letters("list", {"--open", "--node", "lines", "--limit", "1"}).out;
    EXPECT_THAT(list, HasSubstr("SOLUSDT"));
    EXPECT_THAT(list, HasSubstr("the newest 1 of 2"));
    const std::size_t row = list.find('\n') + 1;
    const std::string id = list.substr(row, list.find(' ', row) - row);
    const CommandResult shown = letters("show", {id});
    EXPECT_EQ(shown.code, 0);
    EXPECT_THAT(shown.out, HasSubstr("1770323104000 SOLUSDT 9000\n"));
    EXPECT_THAT(letters("show", {id, "--format", "json"}).out,
                HasSubstr(R"("origin":"line","raw":"1770323104000 SOLUSDT 9000"}])"));
    words = repair;
    words.push_back(id);
    EXPECT_EQ(letters("replay", words).code, 1);
    EXPECT_EQ(letters("show", {"zzz"}).code, 2);
    EXPECT_EQ(letters("replay").code, 2);
}

INSTANTIATE_TEST_SUITE_P(Stores, Replay,
                         ::testing::Values("", to_a_file, "dead_letters: {store: letters}\n"),
                         [](const auto& test) {
                             return std::string(test.param.empty() ? "checkpoint_store"
                                                : test.param.find("file") != std::string::npos
                                                    ? "file"
                                                    : "another_store");
                         });

TEST_F(ReplayFromAFile, KilledAtItsNotesDoublesNoRow) {
    std::vector<std::string> all = repair;
    all.push_back("--all");
    for (const std::string when : {"1 before the commit", "2 behind the commit"}) {
        SCOPED_TRACE(when);
        for (const char* file : {"store.db", "store.db-wal", "store.db-shm", "out.jsonl",
                                 "letters.jsonl", "letters.jsonl.replayed"}) {
            std::filesystem::remove(folder / file);
        }
        ASSERT_EQ(run().code, 0);
        const CommandResult killed = command({"dead-letters", "replay"}, all, [&] {
            setenv("LD_PRELOAD", DIES_AT_RENAME, 1);
            setenv("DIES_AT_RENAME", when.substr(0, 1).c_str(), 1);
        });
        ASSERT_EQ(killed.code, -SIGKILL) << killed.out << killed.err;
        const bool committed = when.starts_with('2');
        const std::string open = letters("list", {"--open"}).out;
        EXPECT_EQ(open.find("ETHUSDT") == std::string::npos, committed) << open;
        EXPECT_EQ(prices().size(), committed ? 5U : 3U);

        EXPECT_THAT(
            letters("replay", all).out,
            HasSubstr(committed ? "0 replayed, 1 refused again" : "2 replayed, 1 refused again"));
        EXPECT_EQ(prices().size(), 5U);
        EXPECT_EQ(lines_out(), 5);
        EXPECT_THAT(letters("list", {"--open", "--format", "json"}).out,
                    HasSubstr(committed ? R"("attempt":3)" : R"("attempt":2)"));
    }
}

TEST(ReplayOfMessages, GoesThroughTheDecoderThatRefusedThem) {
    const LetterRun test;
    test.folder.write("pipeline.yaml",
                      "name: letters\n"
                      "sources:\n"
                      "  ticks:\n"
                      "    {type: frames, venue: strict_messages, path: input, channel: BTCUSDT,\n"
                      "     engine_time: ts}\n"
                      "sinks:\n"
                      "  store: {type: sqlite, inputs: [ticks], path: store.db}\n"
                      "  out: {type: file, inputs: [ticks], path: out.jsonl}\n"
                      "checkpoint: {store: store}\n");
    test.folder.write("input",
                      "{\"ts\":1770323100000,\"price\":100}\n"
                      "{\"ts\":1770323101000,\"price\":5000}\n"
                      "{\"ts\":1770323102000,\"price\":101}\n");
    ASSERT_EQ(test.run().code, 0);
    EXPECT_THAT(test.letters("list").out, HasSubstr("the price is above the limit"));
    const CommandResult replayed =
        test.letters("replay", {"--all", "--set", "sources.ticks.limit=10000"});
    EXPECT_EQ(replayed.code, 0) << replayed.out << replayed.err;
    EXPECT_THAT(Database(test.folder / "store.db").rows("SELECT price FROM prices ORDER BY time"),
                ElementsAre("100.0", "5000.0", "101.0"));
    // The decoder went on with its state, and the venue and channel were known.
    EXPECT_THAT(
        content_of(test.folder / "out.jsonl"),
        HasSubstr(R"("venue":"strict_messages","instrument":"BTCUSDT","last":5000,"mark":3})"));
}

TEST(ReplayOfLetters, NeedsAnEpochToGoOnFrom) {
    const LetterRun test;
    test.folder.write("input", input);
    test.folder.write("pipeline.yaml",
                      "sources:\n"
                      "  lines: {type: strict_lines, path: input}\n"
                      "sinks:\n"
                      "  out: {type: file, inputs: [lines], path: out.jsonl}\n"
                      "dead_letters: {file: letters.jsonl}\n");
    ASSERT_EQ(test.run().code, 0);
    const CommandResult listed = test.letters("list");
    EXPECT_THAT(listed.out, HasSubstr("SOLUSDT"));
    const CommandResult result = test.letters("replay", {"--all"});
    EXPECT_EQ(result.code, 2);
    EXPECT_THAT(result.err, HasSubstr("checkpoint"));
}

}  // namespace
}  // namespace spillway::testing
