#include "runtime/spec/load_tests.hpp"

#include <gtest/gtest.h>

#include <spillway/testing/temporary_folder.hpp>

#include "runtime/spec/testing/fixture.hpp"

namespace spillway::runtime {
namespace {

/// Files in a folder of their own, read with the plugins of the tests.
class LoadTests : public ::testing::Test {
protected:
    LoadTests() { std::filesystem::create_directories(folder_ / "tests"); }
    std::filesystem::path write(const std::string& name, const std::string& text) {
        return folder_.write(name, text);
    }
    tl::expected<TestFile, Diagnostics> load(const std::filesystem::path& file) {
        return load_tests(file, catalogue_);
    }

    spillway::testing::TemporaryFolder folder_;
    Catalogue catalogue_ = testing::catalogue();
};

const std::string pipeline = R"(sources:
  ticks: {type: replay, path: "${RECORDING:?say which}"}
transforms:
  big: {type: filter, inputs: [ticks], where: [a, "${LIMIT}"]}
sinks:
  store: {type: sqlite, inputs: [big], path: "${file:/no/such/file}"}
)";

std::vector<std::string> texts(const TestInput& input) {
    std::vector<std::string> all;
    all.reserve(input.lines.size());
    for (const TestLine& line : input.lines) all.push_back(line.text);
    return all;
}

TEST_F(LoadTests, EventsGetTheTimeOfTheClock) {
    const auto file = load(write("a.yaml", pipeline + R"(
tests:
  - name: one
    start: 2026-02-05T20:25:00Z
    variables: {LIMIT: b}
    input:
      ticks:
        each: {venue: x, kind: price}
        events:
          - {price: 1}
          - {time: +5s, price: 2}
          - advance: 10s
          - {price: 3, kind: bar}
          - {time: +1s, price: 4}
          - {price: 5}
          - clock: +1m
    expect: {big: nothing}
)"));
    ASSERT_TRUE(file.has_value()) << to_text(file.error());
    const TestInput& input = file->tests.at(0).inputs.at(0);
    EXPECT_EQ(texts(input), (std::vector<std::string>{
                                R"({"ts":1770323100000,"venue":"x","kind":"price","price":1})",
                                R"({"ts":1770323105000,"venue":"x","kind":"price","price":2})",
                                R"({"ts":1770323115000,"venue":"x","price":3,"kind":"bar"})",
                                R"({"ts":1770323101000,"venue":"x","kind":"price","price":4})",
                                R"({"ts":1770323115000,"venue":"x","kind":"price","price":5})"}));
    constexpr Time start = 1'770'323'100 * second;
    EXPECT_EQ(input.clock, (std::vector<Time>{start + 15 * second, start + minute}));
}

TEST_F(LoadTests, TextsAreTakenAsTheyAre) {
    const auto file = load(write("a.yaml", pipeline + R"(
tests:
  - name: one
    variables: {LIMIT: b}
    input:
      ticks: |
        {"ts": 1,

        {"ts": 2}
    expect:
      big: |
        {"a": 1}
)"));
    ASSERT_TRUE(file.has_value()) << to_text(file.error());
    const TestSpec& test = file->tests.at(0);
    EXPECT_EQ(texts(test.inputs.at(0)), (std::vector<std::string>{"{\"ts\": 1,", "{\"ts\": 2}"}));
    EXPECT_EQ(test.inputs[0].lines[1].where.line, 15);
    EXPECT_EQ(test.expectations.at(0).lines.at(0).where.line, 18);
}

TEST_F(LoadTests, NeitherPlacesNorTheEnvironmentAreSeen) {
    const std::string test = "tests: [{name: one, expect: {big: nothing}}]\n";
    const auto file = load(write("a.yaml", pipeline + test));
    ASSERT_FALSE(file.has_value());
    ASSERT_EQ(file.error().size(), 1U) << to_text(file.error());
    EXPECT_EQ(file.error()[0].message, "the variable LIMIT is not set");
    EXPECT_EQ(file.error()[0].suggestion,
              "give it under 'variables:' of the test, or write ${LIMIT:-default}");
}

TEST_F(LoadTests, TestsMayStandInAFileOfTheirOwn) {
    write("a.yaml", pipeline);
    const auto file =
        load(write("tests/a.yaml",
                   "pipeline: ../a.yaml\n"
                   "tests: [{name: one, variables: {LIMIT: b}, "
                   "set: {transforms.big.where: [c, 1]}, expect: {big: nothing}}]\n"));
    ASSERT_TRUE(file.has_value()) << to_text(file.error());
    EXPECT_EQ(file->pipeline, folder_ / "a.yaml");
    EXPECT_EQ(file->tests.at(0).overrides.at(0).yaml, R"(["c",1])");
    const auto loaded = load_pipeline(file->pipeline, catalogue_, load_options(file->tests[0]));
    ASSERT_TRUE(loaded.has_value()) << to_text(loaded.error());
    EXPECT_EQ(loaded->find("big")->options.at(0).texts, (std::vector<std::string>{"c", "1"}));
}

TEST_F(LoadTests, MistakesOfBothFilesAreReported) {
    write("a.yaml", "sources: {ticks: {type: repla, path: x}}\nsinks: {}\n");
    const auto file = load(write("tests/a.yaml",
                                 "pipeline: ../a.yaml\ntest: []\n"
                                 "tests: [{name: one, expect: {ticks: nothing}}]\n"));
    ASSERT_FALSE(file.has_value());
    const std::string text = to_text(file.error());
    EXPECT_NE(text.find("'repla'"), std::string::npos) << text;
    EXPECT_NE(text.find("tests/a.yaml:2:1: error: 'test' is no key of a file of tests"),
              std::string::npos)
        << text;
    const auto lost = load(write("tests/b.yaml", "pipeline: nowhere.yaml\ntests: []\n"));
    ASSERT_FALSE(lost.has_value());
    EXPECT_NE(to_text(lost.error()).find("tests/b.yaml:1:11: error: there is no file"),
              std::string::npos);
}

}  // namespace
}  // namespace spillway::runtime
