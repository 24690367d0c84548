// A run that a released version left half-way goes on with every later one: what its store holds
// (rows, state, positions of sources and of files) is in golden_run/, with the file that it wrote.
// With SPILLWAY_UPDATE_GOLDEN=1 a missing one is made.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <spillway/testing/temporary_folder.hpp>

#include "runtime/epoch/parts.hpp"
#include "support/command.hpp"
#include "support/database.hpp"

namespace spillway::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr int seconds = 1200;
constexpr long long start = 1'770'323'100'000;  ///< ms; 2026-02-05 20:25 UTC

const std::string pipeline = R"(name: golden
sources:
  ticks: {type: replay, path: ticks.jsonl, run: {out_of_order: 2s}}
  orders: {type: frames, path: orders.jsonl, venue: binance, channel: "!forceOrder@arr", engine_time: E}
transforms:
  markets: {type: normalise, inputs: [ticks, orders]}
  events: {type: dedupe, inputs: [markets]}
  minutes: {type: window, inputs: [events], every: 1m, by: [market], compute: [count]}
scorers:
  risk: {type: liquidation_risk, inputs: [events], profile: monotone}
sinks:
  log: {type: file, path: log.jsonl, inputs: [minutes, minutes.late, risk]}
  store: {type: sqlite, path: store.db, inputs: [events, risk]}
checkpoint: {store: store, interval: 10ms}
)";

std::string ticks() {
    std::string lines;
    for (long long i = 0; i < seconds; i += 3) {
        lines += fmt::format(
            R"({{"ts":{},"venue":"bybit","symbol":"{}","kind":"price","price":{}}})"
            "\n",
            start + i * 1000 - i % 7 * 100, i % 2 == 0 ? "BTCUSDT" : "ETHUSDT", 1000 + i % 50);
    }
    return lines;
}

std::string orders() {
    std::string lines;
    for (long long i = 0; i < seconds; i += 5) {
        const long long time = start + i * 1000;
        lines += fmt::format(
            R"({{"e":"forceOrder","E":{},"o":{{"s":"BTCUSDT","S":"{}","o":"LIMIT","f":"IOC",)"
            R"("q":"2","p":"1000","ap":"1000","X":"FILLED","l":"2","z":"2","T":{}}}}})"
            "\n",
            time + 50, i % 3 == 0 ? "SELL" : "BUY", time);
    }
    return lines;
}

void prepare(const TemporaryFolder& folder) {
    folder.write("pipeline.yaml", pipeline);
    folder.write("ticks.jsonl", ticks());
    folder.write("orders.jsonl", orders());
}

CommandResult run(const TemporaryFolder& folder, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {"run", "pipeline.yaml"};
    words.insert(words.end(), more.begin(), more.end());
    return run_command({words, folder.path(), {}});
}

std::string unpacked(const fs::path& file) {
    gzFile stream = gzopen(file.c_str(), "rb");
    std::string bytes;
    std::vector<char> part(1 << 16);
    int size = 0;
    while ((size = gzread(stream, part.data(), static_cast<unsigned>(part.size()))) > 0) {
        bytes.append(part.data(), static_cast<std::size_t>(size));
    }
    EXPECT_EQ(size, 0) << file << " is damaged";
    gzclose(stream);
    return bytes;
}

void pack(const std::string& bytes, const fs::path& file) {
    gzFile stream = gzopen(file.c_str(), "wb9");
    EXPECT_GT(gzwrite(stream, bytes.data(), static_cast<unsigned>(bytes.size())), 0);
    EXPECT_EQ(gzclose(stream), Z_OK);
}

fs::path golden_folder() { return fs::path(SPILLWAY_SOURCE_DIR) / "tests/state/golden_run"; }

fs::path golden(std::uint32_t version, std::string_view name) {
    return golden_folder() / fmt::format("v{}.{}.gz", version, name);
}

/// Half of the input, at the speed of ten minutes a second.
void make(std::uint32_t version) {
    const TemporaryFolder folder;
    prepare(folder);
    const CommandResult half = run(folder, {"--speed", "600", "--for", "1s"});
    ASSERT_EQ(half.code, 0) << half.err;
    fs::create_directories(golden_folder());
    for (const char* name : {"store.db", "log.jsonl"}) {
        pack(content_of(folder / name), golden(version, name));
    }
}

std::ptrdiff_t lines_of(const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
}

/// The lines of a text without its first ones.
std::vector<std::string> lines_behind(const std::string& text, std::ptrdiff_t first) {
    std::istringstream lines(text);
    std::vector<std::string> rest;
    for (std::string line; std::getline(lines, line);) {
        if (first-- <= 0) rest.push_back(line);
    }
    return rest;
}

TEST(GoldenRun, OfEveryVersionGoesOnWhereItStopped) {
    const TemporaryFolder undisturbed;
    prepare(undisturbed);
    ASSERT_EQ(run(undisturbed).code, 0);
    const std::string log = content_of(undisturbed / "log.jsonl");
    const auto count = [](const Database& store, const char* table) {
        return store.value(fmt::format("SELECT count(*) FROM {}", table));
    };
    for (std::uint32_t version = 1; version <= runtime::engine_state_version; ++version) {
        SCOPED_TRACE(fmt::format("version {}", version));
        const char* const update = std::getenv("SPILLWAY_UPDATE_GOLDEN");
        if (!fs::exists(golden(version, "store.db")) && update != nullptr) make(version);
        ASSERT_TRUE(fs::exists(golden(version, "store.db")))
            << golden(version, "store.db")
            << " is missing: run the test with SPILLWAY_UPDATE_GOLDEN=1 and commit the file";
        const TemporaryFolder folder;
        prepare(folder);
        for (const char* name : {"store.db", "log.jsonl"}) {
            folder.write(name, unpacked(golden(version, name)));
        }
        const std::string before = content_of(folder / "log.jsonl");
        EXPECT_GT(before.size(), log.size() / 10);
        EXPECT_LT(before.size(), log.size() / 10 * 9);
        const CommandResult rest = run(folder);
        EXPECT_EQ(rest.code, 0) << rest.err;
        EXPECT_THAT(rest.out + rest.err, HasSubstr("oes on from epoch"));
        // What that version wrote stays; what is added is what this one writes.
        const std::string after = content_of(folder / "log.jsonl");
        EXPECT_TRUE(after.starts_with(before));
        EXPECT_EQ(lines_behind(after, lines_of(before)), lines_behind(log, lines_of(before)));
        const Database found(folder / "store.db"), expected(undisturbed / "store.db");
        for (const char* table : {"prices", "liquidations"}) {
            EXPECT_EQ(count(found, table), count(expected, table)) << table;
            EXPECT_NE(count(found, table), "0") << table;
        }
    }
}

}  // namespace
}  // namespace spillway::testing
