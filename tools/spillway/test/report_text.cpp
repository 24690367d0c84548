#include <fmt/format.h>

#include "test/report.hpp"

namespace spillway::cli {
namespace {

std::string duration_text(double seconds) {
    return seconds < 0.9995 ? fmt::format("{:.0f} ms", seconds * 1e3)
                            : fmt::format("{:.1f} s", seconds);
}

std::string indented(std::string_view text, std::string_view by) {
    std::string result;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
        result += by;
        result += text.substr(0, end);
        text.remove_prefix(end);
    }
    return result;
}

}  // namespace

std::string test_text(const TestResult& result) {
    const std::string_view outcome = result.passed() ? "ok  " : result.updated ? "NEW " : "FAIL";
    std::string text =
        fmt::format("  {}  {} ({})\n", outcome, result.name, duration_text(result.seconds));
    for (const TestFailure& failure : result.failures) {
        text += fmt::format("        {}:{}: {}\n", failure.where.file, failure.where.line,
                            failure.what);
        text += indented(failure.diff, "        ");
    }
    return text;
}

std::string summary_text(const std::vector<FileResult>& results, double seconds) {
    std::size_t tests = 0;
    std::size_t passed = 0;
    std::size_t failed = 0;
    std::size_t files = 0;
    for (const FileResult& file : results) {
        files += file.tests.empty() ? 0 : 1;
        tests += file.tests.size();
        for (const TestResult& one : file.tests) {
            passed += one.passed() ? 1 : 0;
            failed += one.failed() ? 1 : 0;
        }
    }
    const std::size_t updated = tests - passed - failed;
    return fmt::format("{} {} in {} {}: {} passed, {}{} failed, in {}\n", tests,
                       tests == 1 ? "test" : "tests", files, files == 1 ? "file" : "files", passed,
                       updated == 0 ? "" : fmt::format("{} updated, ", updated), failed,
                       duration_text(seconds));
}

}  // namespace spillway::cli
