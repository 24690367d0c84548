// Letters can be read whatever the pipeline is doing.

#include <csignal>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "letter_run.hpp"

namespace spillway::testing {
namespace {

using ::testing::HasSubstr;

class Reading : public ::testing::TestWithParam<std::string>, protected LetterRun {};

TEST_P(Reading, WorksWhileTheStoreIsInUse) {
    folder.write("pipeline.yaml",
                 "name: letters\n"
                 "sources:\n"
                 "  lines: {type: strict_lines, path: input}\n"
                 "sinks:\n"
                 "  store: {type: sqlite, inputs: [lines], path: store.db}\n"
                 "checkpoint: {store: store, interval: 10ms}\n" +
                     GetParam());
    // At the speed of the recording the third line is an hour away.
    folder.write("input",
                 "1770323100000 BTCUSDT 100\n"
                 "1770323100000 XRPUSDT 1\n"
                 "1770323101000 BTCUSDT 100\n"
                 "1770326700000 BTCUSDT 101\n");
    Command running(
        {.arguments = {"run", "pipeline.yaml", "--speed", "1", "--plugin-dir", LETTER_PLUGINS,
                       "--plugin-dir", SPILLWAY_BINARY_DIR "/lib/spillway/plugins"},
         .folder = folder.path()});
    ASSERT_TRUE(running.wait_for_output("started"));
    CommandResult list;
    do {
        list = letters("list");
        ASSERT_EQ(list.code, 0) << list.err;
    } while (list.out.find("XRPUSDT") == std::string::npos);
    EXPECT_THAT(list.out, HasSubstr("input:2"));
    const CommandResult replayed = letters("replay", {"--all"});
    EXPECT_EQ(replayed.code, 1);
    EXPECT_THAT(replayed.err, HasSubstr("store.db"));
    running.signal(SIGINT);
    EXPECT_EQ(running.wait(), 0) << running.err();
    EXPECT_EQ(letters("list").out, list.out);
}

INSTANTIATE_TEST_SUITE_P(Stores, Reading,
                         ::testing::Values("", "dead_letters: {file: letters.jsonl}\n"),
                         [](const auto& test) {
                             return std::string(test.param.empty() ? "store" : "file");
                         });

constexpr const char* with_store =
    "sources:\n"
    "  lines: {type: strict_lines, path: input}\n"
    "sinks:\n"
    "  store: {type: sqlite, inputs: [lines], path: store.db}\n"
    "checkpoint: {store: store}\n";

TEST(ReadingLetters, OfAPipelineThatNeverRan) {
    const LetterRun test;
    test.folder.write("pipeline.yaml", with_store);
    const CommandResult list = test.letters("list");
    EXPECT_EQ(list.code, 0) << list.err;
    EXPECT_EQ(list.out, "no dead letters\n");
    EXPECT_EQ(test.letters("list", {"--format", "json"}).out, "{\"total\":0,\"letters\":[]}\n");
    EXPECT_EQ(test.letters("replay", {"--all"}).code, 0);
    EXPECT_FALSE(std::filesystem::exists(test.folder / "store.db")) << "reading makes no files";
}

TEST(ReadingLetters, OfADamagedStoreIsAnError) {
    const LetterRun test;
    test.folder.write("pipeline.yaml", with_store);
    test.folder.write("store.db", "not a database, but as long as the header of one would be: " +
                                      std::string(200, '.'));
    for (const auto& result : {test.letters("list"), test.letters("replay", {"--all"})}) {
        EXPECT_EQ(result.code, 1) << result.out;
        EXPECT_THAT(result.err, HasSubstr("store.db"));
    }
}

TEST(ReadingLetters, OfAPipelineThatKeepsNone) {
    const LetterRun test;
    test.folder.write("pipeline.yaml",
                      "sources:\n"
                      "  lines: {type: strict_lines, path: input}\n"
                      "sinks:\n"
                      "  out: {type: file, inputs: [lines], path: out.jsonl}\n");
    const CommandResult list = test.letters("list");
    EXPECT_EQ(list.code, 2);
    EXPECT_THAT(list.err, HasSubstr("dead_letters: {file: letters.jsonl}"));
}

}  // namespace
}  // namespace spillway::testing
