#include "runtime/load/preflight.hpp"

#include <chrono>
#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/load/child_process.hpp"
#include "runtime/load/testing/plugin_files.hpp"

namespace spillway::runtime {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Files = std::vector<std::filesystem::path>;
using Ending = ChildOutcome::Ending;

/// Tried with a good plugin before and behind it: the bad one alone is named.
PluginProblem only_problem(const char* bad, std::chrono::milliseconds patience = 10s) {
    const auto problems =
        preflight(Files{test_plugin("good"), test_plugin(bad), test_plugin("refusing")}, patience);
    EXPECT_THAT(problems, SizeIs(1));
    if (problems.size() != 1) return {};
    EXPECT_EQ(problems[0].file, test_plugin(bad));
    EXPECT_FALSE(problems[0].fix.empty());
    return problems[0];
}

TEST(Preflight, PassesPluginsThatLoad) {
    EXPECT_THAT(preflight(Files{test_plugin("good"), test_plugin("refusing")}), IsEmpty());
    EXPECT_THAT(preflight({}), IsEmpty());
}

TEST(Preflight, SurvivesAStaticConstructorThatThrowsAndQuotesIt) {
    const PluginProblem problem = only_problem("throwing");
    EXPECT_THAT(problem.reason, HasSubstr("its static constructor threw an exception"));
    EXPECT_THAT(problem.reason, HasSubstr("no license file"));
}

TEST(Preflight, SurvivesAStaticConstructorThatExitsWithSuccess) {
    EXPECT_THAT(only_problem("exiting").reason,
                HasSubstr("its static constructor ended the process with exit code"));
}

TEST(Preflight, SurvivesAStaticConstructorThatDiesOfASignal) {
    EXPECT_THAT(only_problem("crashing").reason, HasSubstr("signal 9 (Killed)"));
}

TEST(Preflight, EndsAStaticConstructorThatNeverReturns) {
    const auto problems = preflight(Files{test_plugin("hanging")}, 20ms);
    ASSERT_THAT(problems, SizeIs(1));
    EXPECT_EQ(problems[0].file, test_plugin("hanging"));
    EXPECT_THAT(problems[0].reason, HasSubstr("did not return within 20 ms"));
}

TEST(Preflight, TellsWhatTheDynamicLinkerSays) {
    EXPECT_THAT(only_problem("undefined").reason, HasSubstr("missing_function(int)"));
    EXPECT_THAT(only_problem("without_factory").reason, HasSubstr("spillway_create"));
}

TEST(Preflight, NamesEveryCulprit) {
    const auto problems = preflight(Files{test_plugin("throwing"), test_plugin("good"),
                                          test_plugin("undefined"), test_plugin("crashing")});
    ASSERT_THAT(problems, SizeIs(3));
    EXPECT_EQ(problems[0].file, test_plugin("throwing"));
    EXPECT_EQ(problems[1].file, test_plugin("undefined"));
    EXPECT_EQ(problems[2].file, test_plugin("crashing"));
}

TEST(ChildProcess, HandsTheAnswerOver) {
    const auto outcome = run_in_child([] { return std::string("fine"); }, 10s);
    EXPECT_EQ(outcome.ending, Ending::finished);
    EXPECT_EQ(outcome.answer, "fine");
}

TEST(ChildProcess, CutsALongAnswerAndAFloodOfOutput) {
    const auto outcome = run_in_child(
        [] {
            for (int i = 0; i < 1000; ++i) std::fprintf(stderr, "line %d\n", i);
            return std::string(2 * ChildLimits{}.answer, 'x');
        },
        10s);
    EXPECT_EQ(outcome.ending, Ending::finished);
    EXPECT_THAT(outcome.answer, SizeIs(ChildLimits{}.answer));
    EXPECT_LE(outcome.output.size(), 4096U);
    EXPECT_TRUE(outcome.output.ends_with("line 999\n"));
}

}  // namespace
}  // namespace spillway::runtime
