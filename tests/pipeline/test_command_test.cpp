// `spillway test`: what it prints, writes and answers.

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spillway/testing/temporary_folder.hpp>

#include "support/command.hpp"

namespace spillway::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view pipeline = R"(name: large
sources:
  events: {type: replay, path: "${RECORDING:?say which}"}
transforms:
  markets: {type: normalise, inputs: [events]}
  large: {type: filter, inputs: [markets], where: [notional >= 100_000]}
sinks:
  store: {type: sqlite, inputs: [large], path: never/made.db}
checkpoint: {store: store}
)";

constexpr std::string_view good_test = R"(tests:
  - name: small ones stay behind
    input: &orders
      events:
        each: {kind: liquidation, venue: binance, symbol: BTCUSDT, side: long, price: 70_000}
        events:
          - {time: +0s, qty: 1, usd: 70_000}
          - {time: +1s, qty: 2, usd: 140_000}
    expect:
      large: [{notional: 140000}]
      store: {count: 1}
    books: {large: {in: 2, filtered: 1}}
)";

constexpr std::string_view bad_test = R"(
  # The author was not awake.
  - name: large ones stay behind
    input: *orders
    expect:
      markets:   # all
        - {notional: 70000}   # as it is
        - {side: short, notional: 150000}
      large: nothing
    books:
      large: {in: 3}   # sic
)";

class TestCommand : public ::testing::Test {
protected:
    std::string write(const std::string& tests) {
        return folder_.write("large.yaml", std::string(pipeline) + tests).string();
    }
    CommandResult run(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), "test");
        return run_command({.arguments = std::move(arguments), .folder = folder_.path()});
    }

    TemporaryFolder folder_;
};

TEST_F(TestCommand, PassesAndTouchesNothing) {
    const CommandResult result = run({write(std::string(good_test))});
    EXPECT_EQ(result.code, 0) << result.out << result.err;
    EXPECT_THAT(result.out, HasSubstr("  ok    small ones stay behind ("));
    EXPECT_THAT(result.out, HasSubstr("1 test in 1 file: 1 passed, 0 failed, in "));
    EXPECT_FALSE(std::filesystem::exists(folder_ / "never"));
}

TEST_F(TestCommand, ShowsWhereAndHowATestFails) {
    const std::string file = write(std::string(good_test) + std::string(bad_test));
    const CommandResult result = run({file});
    EXPECT_EQ(result.code, 1);
    EXPECT_THAT(result.out, HasSubstr("  FAIL  large ones stay behind ("));
    EXPECT_THAT(result.out, HasSubstr("large.yaml:27: markets: 1 of 2 events differs\n"));
    EXPECT_THAT(result.out, HasSubstr("          {notional: 70000}\n"
                                      "        - {side: short, notional: 150000}\n"
                                      "        + {side: long, notional: 140000}\n"
                                      "          # side is \"long\", not \"short\"\n"));
    EXPECT_THAT(result.out, HasSubstr("large.yaml:30: large: 1 event, not 0\n"));
    EXPECT_THAT(result.out, HasSubstr("large.yaml:32: books of large: in is 2, not 3\n"));
    EXPECT_THAT(result.out, HasSubstr("2 tests in 1 file: 1 passed, 1 failed, in "));
}

TEST_F(TestCommand, UpdatesWhatIsExpectedAndNothingElse) {
    const std::string file = write(std::string(good_test) + std::string(bad_test));
    const CommandResult update = run({file, "--update"});
    EXPECT_EQ(update.code, 0) << update.out << update.err;
    EXPECT_THAT(update.out, HasSubstr("  NEW   large ones stay behind ("));
    EXPECT_THAT(update.out, HasSubstr("2 tests in 1 file: 1 passed, 1 updated, 0 failed, in "));
    EXPECT_THAT(update.err, HasSubstr("updated: " + file + ":27: markets\n"));
    EXPECT_THAT(update.err, HasSubstr("updated: " + file + ":32: books of large: in\n"));
    EXPECT_THAT(update.err, HasSubstr("updated 3 expectations: look at the difference"));
    const std::string text = content_of(file);
    EXPECT_THAT(text, HasSubstr(std::string(pipeline) + std::string(good_test)));
    EXPECT_THAT(text, HasSubstr("  # The author was not awake.\n"));
    EXPECT_THAT(text, HasSubstr("      markets:\n"
                                "        - {notional: 70000}\n"
                                "        - {side: long, notional: 140000}\n"
                                "      large:\n"
                                "        - {kind: liquidation, "));
    EXPECT_THAT(text, HasSubstr("      large: {in: 2}   # sic\n"));
    const CommandResult again = run({file});
    EXPECT_EQ(again.code, 0) << again.out;
}

TEST_F(TestCommand, UpdatesNothingThatIsForAPersonToSay) {
    const std::string file = write(std::string(good_test) + R"(
  - name: a short one comes
    input: *orders
    expect:
      markets: {contains: [{side: short}]}
      large: nothing
)");
    const CommandResult update = run({file, "--update"});
    EXPECT_EQ(update.code, 1);
    EXPECT_THAT(update.out, HasSubstr("  FAIL  a short one comes ("));
    EXPECT_THAT(update.out, HasSubstr("1 passed, 1 failed, in "));
    EXPECT_THAT(update.err, HasSubstr("not updated: " + file + ":26: which events must or must"));
    EXPECT_THAT(update.err, HasSubstr("updated: " + file + ":27: large\n"));
    const CommandResult again = run({file, "--update"});
    EXPECT_EQ(again.code, 1);
    EXPECT_THAT(again.err, HasSubstr("nothing was updated\n"));
}

TEST_F(TestCommand, WritesJUnitXml) {
    const std::string file = write(std::string(good_test) + std::string(bad_test));
    EXPECT_EQ(run({file, "--junit", folder_ / "results.xml"}).code, 1);
    const std::string xml = content_of(folder_ / "results.xml");
    EXPECT_THAT(xml, HasSubstr("tests=\"2\" failures=\"1\" errors=\"0\""));
    EXPECT_THAT(xml, HasSubstr("<testcase classname=\"large\" name=\"small ones stay behind\""));
    EXPECT_THAT(xml, HasSubstr("<failure message=\"markets: 1 of 2 events differs\">"));
    EXPECT_THAT(xml, HasSubstr("side is &quot;long&quot;, not &quot;short&quot;"));
}

TEST_F(TestCommand, ListsFiltersAndSpeaksJson) {
    const std::string file = write(std::string(good_test) + std::string(bad_test));
    const CommandResult list = run({file, "--list"});
    EXPECT_EQ(list.code, 0);
    EXPECT_EQ(list.out,
              file + ":11: small ones stay behind\n" + file + ":24: large ones stay behind\n");
    const CommandResult json = run({file, "--filter", "^small", "--format", "json"});
    EXPECT_EQ(json.code, 0) << json.out;
    EXPECT_THAT(json.out, HasSubstr("\"status\": \"passed\""));
    EXPECT_THAT(json.out, Not(HasSubstr("large ones")));
    EXPECT_EQ(run({file, "--filter", "no such test"}).code, 2);
}

TEST_F(TestCommand, ReadsTestsOfAPipelineElsewhere) {
    write("");
    std::filesystem::create_directory(folder_ / "tests");
    folder_.write("tests/more.yaml", "pipeline: ../large.yaml\n" + std::string(good_test));
    const CommandResult result = run({folder_ / "tests"});
    EXPECT_EQ(result.code, 0) << result.out << result.err;
}

TEST_F(TestCommand, ReportsAllMistakesBeforeAnythingRuns) {
    const std::string file = write(std::string(good_test) + R"(
  - name: wrong
    set: {transforms.large.were: 1}
    expect: {large: nothing}
  - name: small ones stay behind
    inputs: {}
    expect: {lage: nothing}
)");
    const CommandResult result = run({file});
    EXPECT_EQ(result.code, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, HasSubstr("large.yaml:27:5: error: 'inputs' is no key of a test"));
    EXPECT_THAT(result.err, HasSubstr("did you mean 'input'?"));
    EXPECT_THAT(result.err, HasSubstr("there is no node 'lage'"));
    EXPECT_THAT(result.err, HasSubstr("the name is taken by the test at 11:11"));
    EXPECT_EQ(run({folder_ / "nowhere.yaml"}).code, 2);
}

TEST_F(TestCommand, FindsMistakesInWhatATestSets) {
    const std::string file = write(R"(tests:
  - name: wrong
    set:
      transforms.large.were: 1
    expect: {large: nothing}
)");
    const CommandResult result = run({file});
    EXPECT_EQ(result.code, 2);
    EXPECT_THAT(result.err, HasSubstr("large.yaml:13:7: error: 'were' is no option of the "
                                      "transform 'filter' (in the test 'wrong')"));
}

}  // namespace
}  // namespace spillway::testing
