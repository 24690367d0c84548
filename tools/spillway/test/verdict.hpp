#pragma once

#include <map>
#include <string>
#include <vector>

#include "runtime/run/runner.hpp"
#include "runtime/spec/test_spec.hpp"
#include "test/result.hpp"

namespace spillway::cli {

/// What a run gave.
struct TestOutcome {
    runtime::RunResult run;
    std::map<std::string, std::vector<std::string>> lines;  ///< JSON, by output
    std::vector<std::string> refused;  ///< dead letters of input that a source could not read
};

/// Every expectation of the test that the outcome does not meet.
[[nodiscard]] std::vector<TestFailure> judge(const runtime::TestSpec& test,
                                             const TestOutcome& outcome);

/// One of runtime::book_counts.
[[nodiscard]] std::uint64_t count_of(const runtime::NodeReport& node, std::string_view name);

}  // namespace spillway::cli
