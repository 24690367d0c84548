// Plugins that break one rule each: the kit survives them and says which rule it is.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spillway/detail/sanitizer.hpp>

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
    for (const std::string still : {"manifest", "loads"}) {
        if (still == broken.property) continue;
        EXPECT_EQ(checked.properties.at(still).outcome, "ok") << checked.out;
    }
}

// Sanitizers put an initialiser of their own into every file: there is nothing to tell then.
const Broken dynamic_initialiser =
    spillway::detail::sanitized
        ? Broken{"dynamic_initialiser", "initialisers", "", "not_applicable"}
        : Broken{"dynamic_initialiser", "initialisers", "dynamic initialisers", "warning"};

const Broken broken_plugins[] = {
    {"breaks_its_trend", "trends", "points never fall as the raw input rises, as declared"},
    {"calmer_without", "scores", "removing an input never lowers `high`"},
    {"configures_once", "lifecycle", "a second configure succeeds"},
    {"crashes_in_step", "steps", "crashed with signal 11"},
    {"default_out_of_bounds", "manifest", "must be at least 5s, got '1s'"},
    {"depends_on_cutting", "cutting", "as when all is one step"},
    {"directs_no_score", "manifest", "belongs to a score that has directions"},
    dynamic_initialiser,
    {"emits_nan", "scores", "NaN points of 50"},
    {"ends_at_bad_row", "rows", "write succeeds"},
    {"exceeds_cap", "scores", "at most its cap"},
    {"forgets_its_file", "stored", "a run that died and went on"},
    {"goes_back_in_time", "records", "receive times never go back"},
    {"hangs_in_step",
     "steps",
     "it hung",
     "failed",
     {"--only", "manifest,loads,steps", "--timeout", "2s"}},
    {"hangs_when_idle",
     "drain",
     "it hung",
     "failed",
     {"--only", "manifest,loads,drain", "--timeout", "2s"}},
    {"leaks", "leaks", "bytes remain of each object"},
    {"less_is_more", "scores", "removing an input never raises coverage"},
    {"loses_between_reads", "records", "read 1 at a time"},
    {"loses_its_place", "positions", "after `seek` record 1 is"},
    {"loses_rows", "stored", "are missing, the first is row 16 (price)"},
    {"loses_state", "state", "as without a restart"},
    {"misses_quiet_markets", "drain", "a defect: no such market"},
    {"needs_the_runtime", "symbols", "it needs spillway::runtime"},
    {"not_monotone", "scores", "low <= value <= high"},
    {"passes_infinity_on", "bad_records", "present numbers are finite"},
    {"refuses_its_bound", "options", "a value at its stated bound is taken"},
    {"refuses_its_position", "order", "resumed at its position"},
    {"refuses_to_go_on", "order", "taken up again"},
    {"reverses_order", "steps", "is out of order or twice"},
    {"rows_out_of_range", "steps", "was not selected"},
    {"shares_its_count", "determinism", "an object does not notice others of its class"},
    {"starts_over_at_its_end", "positions", "all remaining records come, and no others"},
    {"stops_at_garbage", "bad_frames", "garbage leaves no trace in the decoder"},
    {"takes_garbage", "options", "`configure` took it"},
    {"throws_at_infinity", "bad_records", "a defect: no number"},
    {"throws_in_step", "steps", "a defect: no such price"},
    {"unstable_ids", "ids", "the same id in every session"},
    {"without_summary", "manifest", "a line says what the plugin does"},
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

TEST(Check, ReportsAPluginWhoseOptionCanHaveNoValue) {
    const fs::path file =
        fs::path(SPILLWAY_BINARY_DIR) / "tests/plugins/nonconforming/without_any_value.so";
    const CheckedPlugin checked = check_plugin(file, {}, {});
    EXPECT_EQ(checked.code, 1) << checked.err;
    EXPECT_EQ(checked.properties.at("manifest").outcome, "failed") << checked.out;
    EXPECT_THAT(checked.properties.at("manifest").text, HasSubstr("10 to 1"));
    EXPECT_EQ(checked.properties.at("loads").outcome, "failed") << checked.out;
    EXPECT_THAT(checked.properties.at("loads").text, HasSubstr("option 'most'"));
    EXPECT_EQ(checked.properties.at("steps").outcome, "not_applicable") << checked.out;
}

TEST(Check, SaysWhereOptionsComeFrom) {
    const std::string folder = fs::temp_directory_path().string();
    const CommandResult result = run_command(
        {.arguments = {"plugins", "check", "filter", "--only", "loads"}, .folder = folder});
    EXPECT_EQ(result.code, 1) << result.err;
    EXPECT_THAT(result.out,
                HasSubstr("configure with the defaults succeeds, or options are given"));
    EXPECT_THAT(result.out, HasSubstr("none was given: use --set NAME=VALUE, or `options:` in a"));
    EXPECT_THAT(result.out, HasSubstr(folder + "/plugins/*/filter/check.yaml"));
    const CommandResult given = run_command(
        {.arguments = {"plugins", "check", "filter", "--only", "loads", "--set", "markets=BTC"},
         .folder = folder});
    EXPECT_EQ(given.code, 0) << given.out << given.err;
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
