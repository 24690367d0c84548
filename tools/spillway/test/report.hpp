#pragma once

#include <string>
#include <vector>

#include "test/result.hpp"

namespace spillway::cli {

/// One line a test and, below those that failed or were updated, what differs.
[[nodiscard]] std::string test_text(const TestResult& result);
/// "3 tests in 2 files: 2 passed, 1 failed, in 0.1 s"; those that were updated are counted apart
[[nodiscard]] std::string summary_text(const std::vector<FileResult>& results, double seconds);

/// A list of objects with file, line, name, status, seconds and failures (line, what, diff).
[[nodiscard]] std::string test_json(const std::vector<FileResult>& results);

/// A list of objects with file, line and name.
[[nodiscard]] std::string list_json(const std::vector<FileResult>& tests);

/// JUnit XML: a test suite a file, a test case a test.
[[nodiscard]] std::string junit_xml(const std::vector<FileResult>& results);

}  // namespace spillway::cli
