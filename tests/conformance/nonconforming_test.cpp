// Plugins that break one rule each: the kit survives them and says which rule it is.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checked.hpp"

namespace spillway::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

struct Broken {
    std::string plugin;
    std::string property;  ///< that must say so
    std::string finding;   ///< what it says, at least
    std::string outcome = "failed";
    std::vector<std::string> more = {};

    friend void PrintTo(const Broken& broken, std::ostream* out) { *out << broken.plugin; }
};

class NonconformingPlugin : public ::testing::TestWithParam<Broken> {};

TEST_P(NonconformingPlugin, IsToldWhatIsWrong) {
    const Broken& broken = GetParam();
    const fs::path file =
        fs::path(SPILLWAY_BINARY_DIR) / "tests/plugins/nonconforming" / (broken.plugin + ".so");
    const fs::path with =
        fs::path(SPILLWAY_SOURCE_DIR) / "tests/plugins/nonconforming" / (broken.plugin + ".yaml");
    std::vector<std::string> more = {"--cuttings", "2"};
    more.insert(more.end(), broken.more.begin(), broken.more.end());
    const CheckedPlugin checked = check_plugin(file, with, more);
    EXPECT_EQ(checked.code, broken.outcome == "failed" ? 1 : 0) << checked.err;
    ASSERT_TRUE(checked.properties.contains(broken.property)) << checked.out << checked.err;
    const CheckedProperty& property = checked.properties.at(broken.property);
    EXPECT_EQ(property.outcome, broken.outcome) << checked.out;
    EXPECT_THAT(property.text, HasSubstr(broken.finding)) << checked.out;
    // What runs none of the broken code still holds.
    EXPECT_EQ(checked.properties.at("manifest").outcome, "ok") << checked.out;
    EXPECT_EQ(checked.properties.at("loads").outcome, "ok") << checked.out;
}

// Sanitizers put an initialiser of their own into every file: there is nothing to tell then.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
const Broken dynamic_initialiser = {"dynamic_initialiser", "initialisers", "", "not_applicable"};
#else
const Broken dynamic_initialiser = {"dynamic_initialiser", "initialisers", "dynamic initialisers",
                                    "warning"};
#endif

const Broken broken_plugins[] = {
    {"crashes_in_step", "steps", "crashed with signal 11"},
    {"depends_on_cutting", "cutting", "as when all is one step"},
    dynamic_initialiser,
    {"emits_nan", "scores", "NaN points of 50"},
    {"exceeds_cap", "scores", "at most its cap"},
    {"hangs_in_step",
     "steps",
     "it hung",
     "failed",
     {"--only", "manifest,loads,steps", "--timeout", "2s"}},
    {"leaks", "leaks", "bytes remain of each object"},
    {"less_is_more", "scores", "removing an input never raises coverage"},
    {"loses_state", "state", "as without a restart"},
    {"not_monotone", "scores", "low <= value <= high"},
    {"refuses_its_bound", "options", "a value at its stated bound is taken"},
    {"reverses_order", "steps", "is out of order or twice"},
    {"rows_out_of_range", "steps", "was not selected"},
    {"takes_garbage", "options", "`configure` took it"},
    {"throws_in_step", "steps", "a defect: no such price"},
    {"unstable_ids", "ids", "the same id in every session"},
};

INSTANTIATE_TEST_SUITE_P(Conformance, NonconformingPlugin, ::testing::ValuesIn(broken_plugins),
                         [](const auto& test) { return test.param.plugin; });

TEST(Check, TellsWhereACrashHappenedAndHowToSeeItAgain) {
    const fs::path file =
        fs::path(SPILLWAY_BINARY_DIR) / "tests/plugins/nonconforming/crashes_in_step.so";
    const CommandResult result =
        run_command({.arguments = {"plugins", "check", file.string(), "--only", "steps"}});
    EXPECT_EQ(result.code, 1);
    EXPECT_THAT(result.out, ContainsRegex("where +events of seed 1 in one step, step 0"));
    EXPECT_THAT(result.out, ContainsRegex("again +spillway plugins check .*--only steps"));
}

TEST(Check, RefusesWhatMakesNoSense) {
    const auto refused = [](const std::vector<std::string>& arguments, const char* words) {
        // Far from any check.yaml.
        const CommandResult result =
            run_command({.arguments = arguments, .folder = fs::temp_directory_path()});
        EXPECT_EQ(result.code, 2);
        EXPECT_THAT(result.err, HasSubstr(words));
    };
    refused({"plugins", "check", "no_such_plugin"}, "no plugin is named 'no_such_plugin'");
    refused({"plugins", "check", "./no_such_file.so"}, "No such file");
    refused({"plugins", "check", "null", "--only", "cuting"}, "did you mean 'cutting'?");
    refused({"plugins", "check", "null", "--set", "size=1"}, "has no option 'size'");
    refused({"plugins", "check", "null", "--timeout", "soon"}, "expected a duration");
    refused({"plugins", "check", "live"}, "needs a value for its option 'venue'");
}

}  // namespace
}  // namespace spillway::testing
