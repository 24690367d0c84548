#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <spillway/time.hpp>

#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::runtime {

/// Tests of a pipeline (the key `tests`), read and checked: value types only, nothing is run.

/// One event or message as JSON, or any line as it was written.
struct TestLine {
    std::string text;
    Location where;
};

/// What one source gives in place of its own input.
struct TestInput {
    std::string source;
    std::vector<TestLine> lines;
    std::string file;         ///< instead of lines; as written, relative to the file of the test
    std::vector<Time> clock;  ///< engine time goes on to these times
};

enum class Matching : std::uint8_t {
    ordered,    ///< these events in this order, no others
    unordered,  ///< these events in any order, no others
    contains,   ///< these events, among others
    without,    ///< no event like any of these
    count       ///< so many
};
/// Keys of the long form of an expectation, by Matching.
inline constexpr std::array<std::string_view, 5> matching_names = {"events", "unordered",
                                                                   "contains", "without", "count"};

/// What one output (`id`, `id.port`) or sink has to show. An expected event names only what
/// matters: other fields may have any value.
struct TestExpectation {
    std::string output;
    Matching matching = Matching::ordered;
    std::vector<TestLine> lines;
    std::uint64_t count = 0;  ///< Matching::count
    Location key;             ///< whose value the lines are
    Location value;
};

/// One count in the books of a node.
struct TestBook {
    std::string node;
    std::string count;  ///< one of book_counts
    std::uint64_t expected = 0;
    Location key;
    Location where;  ///< of the count
};
inline constexpr std::array<std::string_view, 8> book_counts = {
    "in", "processed", "filtered", "duplicate", "late", "dropped", "dead_lettered", "emitted"};

enum class TestExecutor : std::uint8_t { inline_only, automatic, tbb };
inline constexpr std::array<std::string_view, 3> test_executor_names = {"inline", "auto", "tbb"};

/// `transforms.big.where` and its new value as YAML.
struct TestOverride {
    std::string path;
    std::string yaml;
    Location where;
};

/// 2026-01-01T00:00:00Z
inline constexpr Time default_test_start = 1'767'225'600 * second;

struct TestSpec {
    std::string name;
    Location where;
    Time start = default_test_start;  ///< what offsets count from
    std::map<std::string, std::string> variables;
    std::vector<TestOverride> overrides;
    std::vector<TestInput> inputs;
    std::vector<TestExpectation> expectations;
    std::vector<TestBook> books;
    std::string fails;  ///< the run fails and its message holds this; empty: it succeeds
    std::vector<TestExecutor> executors = {TestExecutor::inline_only, TestExecutor::automatic};
};

}  // namespace spillway::runtime
