// One recording gives equal bytes in files and equal rows in stores, however it is cut into steps,
// on however many threads and shards, and at whatever speed.

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <zlib.h>

#include "runtime/spec/diagnostic.hpp"
#include "support/database.hpp"
#include "support/run_pipeline.hpp"
#include "support/temporary_folder.hpp"

namespace spillway::testing {
namespace {

using runtime::ExecutorKind;

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
    output.tables.erase("schema_migrations");  // when the store was made
    return output;
}

/// Where two texts part, for the message.
std::string first_difference(const std::string& a, const std::string& b) {
    const auto [at, ignored] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    const auto offset = static_cast<std::size_t>(at - a.begin());
    const std::size_t line = a.rfind('\n', offset == 0 ? 0 : offset - 1) + 1;
    return "byte " + std::to_string(offset) + " of " + std::to_string(a.size()) + " and " +
           std::to_string(b.size()) + "\n  " + a.substr(line, 300) + "\n  " + b.substr(line, 300);
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

/// The lines of a packed recording from `first` to before `last`, in milliseconds since 1970.
std::string lines_between(const std::filesystem::path& file, long long first, long long last) {
    gzFile stream = gzopen(file.c_str(), "rb");
    std::string text;
    std::vector<char> line(1 << 16);
    while (gzgets(stream, line.data(), static_cast<int>(line.size())) != nullptr) {
        const std::string_view one(line.data());
        const std::size_t at = one.find("\"ts\":");
        if (at == std::string_view::npos) continue;
        const long long time = std::strtoll(line.data() + at + 5, nullptr, 10);
        if (time >= first && time < last) text += one;
    }
    gzclose(stream);
    return text;
}

TEST(Determinism, OfADiamondWithShardsTimersAndTwoSources) {
    const TemporaryFolder folder;
    // Two quiet days and the crash, and the same venue's liquidations again a little later.
    const long long crash = 1'770'323'100'000;
    const long long day_ms = 86'400'000;
    const std::string recording =
        lines_between(source_dir / "pipelines/data/replay-2026-02-05.jsonl.gz", crash - 2 * day_ms,
                      crash + day_ms / 4);
    std::string ticks;
    for (int i = 0; i < 400; ++i) {
        const long long jitter = i * 7919 % 9000;  // out of order by up to nine seconds
        ticks += R"({"ts":)" + std::to_string(crash + i * 3000 - jitter) +
                 R"(,"venue":"bybit","symbol":")" + (i % 3 == 0 ? "ETHUSDT" : "BTCUSDT") +
                 R"(","kind":"liquidation","side":")" + (i % 5 == 0 ? "short" : "long") +
                 R"(","price":70000,"qty":0.)" + std::to_string(1 + i % 9) + "}\n";
    }
    PipelineRun wanted;
    wanted.file = source_dir / "tests/demo/diamond.yaml";
    wanted.variables = {{"RECORDING", folder.write("recording.jsonl", recording)},
                        {"TICKS", folder.write("ticks.jsonl", ticks)}};
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
