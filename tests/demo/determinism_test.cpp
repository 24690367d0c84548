// One recording gives equal bytes in files and equal rows in stores, however it is cut into steps,
// on however many threads and shards, and at whatever speed.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <spillway/detail/sanitizer.hpp>
#include <spillway/testing/temporary_folder.hpp>

#include "runtime/spec/diagnostic.hpp"
#include "support/crash_recording.hpp"
#include "support/database.hpp"
#include "support/run_pipeline.hpp"

namespace spillway::testing {
namespace {

using runtime::ExecutorKind;

constexpr bool built_with_tsan = spillway::detail::sanitizer_name() == "thread";
const std::filesystem::path source_dir = SPILLWAY_SOURCE_DIR;

struct Variant {
    const char* name;
    ExecutorKind executor = ExecutorKind::inline_only;
    unsigned threads = 0;
    std::uint32_t steps = 256;
    std::optional<std::uint64_t> random = {};
    double speed = 0;
    unsigned shards = 1;
};

/// Two speeds, all executors, random cuts; the switch of `automatic` in mid-run is part of it.
const std::vector<Variant> variants = {
    {"one record a step", ExecutorKind::inline_only, 0, 1},
    {"random steps", ExecutorKind::inline_only, 0, 700, 11},
    {"shards", ExecutorKind::inline_only, 0, 64, 12, 0, 4},
    {"tbb 1", ExecutorKind::tbb, 1, 256, 13},
    {"tbb 2, shards", ExecutorKind::tbb, 2, 100, 14, 0, 4},
    {"tbb 8, shards", ExecutorKind::tbb, 8, 31, 15, 0, 4},
    {"automatic", ExecutorKind::automatic, 2, 256, 16},
    {"automatic, shards, paced", ExecutorKind::automatic, 2, 64, 17, 1e9, 4},
    {"inline, paced", ExecutorKind::inline_only, 0, 256, 18, 1e9},
    {"tbb 2, paced", ExecutorKind::tbb, 2, 256, {}, 1e9, 2},
};

struct Output {
    std::map<std::string, std::string> files;
    std::map<std::string, Database::Table> tables;
};

/// Runs into a folder of its own and reads back what was written.
Output run(PipelineRun wanted, const Variant& variant) {
    const TemporaryFolder folder;
    wanted.settings.data_dir = folder.path();
    wanted.settings.executor = variant.executor;
    wanted.settings.threads = variant.threads;
    wanted.settings.step_records = variant.steps;
    wanted.settings.random_steps = variant.random;
    wanted.settings.speed = variant.speed;
    wanted.variables["SHARDS"] = std::to_string(variant.shards);
    const PipelineOutcome outcome = run_pipeline(wanted);
    EXPECT_TRUE(outcome.diagnostics.empty()) << to_text(outcome.diagnostics);
    EXPECT_TRUE(outcome.result.status.ok()) << outcome.result.status.message();
    expect_balanced(outcome.result.final);
    Output output;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
        const std::string name = entry.path().filename();
        if (name.ends_with(".jsonl")) output.files[name] = content_of(entry.path());
        if (name.ends_with(".db")) output.tables = Database(entry.path()).content();
    }
    // When the store was made, and into how many epochs wall time cut the run.
    for (const char* table : {"schema_migrations", "pipeline_epochs", "pipeline_state"}) {
        output.tables.erase(table);
    }
    return output;
}

/// All that the diamond is for must be in it.
void expect_all_there(const std::string& log) {
    for (const char* part :
         {R"("kind":"cascade")", R"("state":"closed")", R"("kind":"alert")", R"("kind":"score")",
          R"("name":"minutes")", R"("name":"velocity")", R"("name":"liquidations_1h")"}) {
        EXPECT_NE(log.find(part), std::string::npos) << part;
    }
}

void expect_all_equal(const PipelineRun& wanted, const std::string& file) {
    const Output expected = run(wanted, {"reference"});
    ASSERT_GT(expected.files.at(file).size(), 10'000U);
    ASSERT_FALSE(expected.tables.empty());
    if (file == "log.jsonl") expect_all_there(expected.files.at(file));
    for (const Variant& variant : variants) {
        // TSan looks at threads, and takes its time.
        if (built_with_tsan && variant.executor == ExecutorKind::inline_only) continue;
        SCOPED_TRACE(variant.name);
        const Output actual = run(wanted, variant);
        for (const auto& [name, text] : expected.files) {
            const auto found = actual.files.find(name);
            ASSERT_NE(found, actual.files.end()) << name;
            EXPECT_TRUE(found->second == text)
                << name << ": " << first_difference(text, found->second);
        }
        for (const auto& [name, table] : expected.tables) {
            EXPECT_EQ(actual.tables.at(name), table) << name;
        }
    }
}

TEST(Determinism, OfADiamondWithShardsTimersAndTwoSources) {
    const TemporaryFolder folder;
    PipelineRun wanted;
    wanted.file = source_dir / "tests/demo/diamond.yaml";
    wanted.variables = {{"RECORDING", folder.write("recording.jsonl", crash_recording())},
                        {"TICKS", folder.write("ticks.jsonl", crash_ticks())}};
    expect_all_equal(wanted, "log.jsonl");
}

TEST(Determinism, OfTheDemo) {
    PipelineRun wanted;
    wanted.file = source_dir / "pipelines/demo.yaml";
    wanted.overrides = {
        {"sources.recording.path", source_dir / "pipelines/data/replay-2026-02-05.jsonl.gz"},
        {"sinks.console.type", "'null'"},
        {"transforms.cascades.run.parallelism", "${SHARDS}"},
        {"scorers.risk.run.parallelism", "${SHARDS}"},
        // The store takes most of the time; scores are compared on the diamond.
        {"sinks.store.inputs", "[cascades, alerts]"},
        {"sinks.log.inputs", "[cascades, alerts, risk]"}};
    expect_all_equal(wanted, "alerts.jsonl");
}

}  // namespace
}  // namespace spillway::testing
