#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runtime/spec/test_spec.hpp"

namespace spillway::cli {

/// One expectation that did not hold.
struct TestFailure {
    std::string what;  ///< "minute.late: 2 events, not 1"
    std::string diff;  ///< unified; empty where there is nothing to compare
    runtime::Location where;
};

struct TestResult {
    std::string name;
    runtime::Location where;
    double seconds = 0;
    std::vector<TestFailure> failures;
    bool updated = false;  ///< the file now expects all that came instead

    [[nodiscard]] bool passed() const noexcept { return failures.empty(); }
    [[nodiscard]] bool failed() const noexcept { return !passed() && !updated; }
};

/// The tests of one file that were run.
struct FileResult {
    std::filesystem::path file;
    std::vector<TestResult> tests;
};

}  // namespace spillway::cli
