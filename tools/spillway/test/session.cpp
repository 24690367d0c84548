#include "test/session.hpp"

#include <algorithm>
#include <deque>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "run/result_files.hpp"
#include "runtime/spec/source_file.hpp"
#include "test/execution.hpp"
#include "test/report.hpp"

namespace spillway::cli {
namespace {

using runtime::Diagnostics;
using runtime::TestFile;
using runtime::TestSpec;

std::vector<std::filesystem::path> yaml_files(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file() && entry.path().extension() == ".yaml") {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// Whether a line begins with the key `tests`: folders also hold other YAML files.
bool has_tests(const std::filesystem::path& file) {
    const auto source = runtime::read_source(file);
    if (!source) return false;
    return source->text().starts_with("tests:") ||
           source->text().find("\ntests:") != std::string::npos;
}

template <class Item>
void append(std::vector<Item>& to, std::vector<Item> from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

tl::expected<void, Diagnostics> TestSession::load(const std::vector<std::filesystem::path>& paths) {
    Diagnostics errors;
    for (const std::filesystem::path& path : paths) {
        if (!std::filesystem::is_directory(path)) {
            load_file(path, true, errors);
            continue;
        }
        const std::size_t before = files_.size() + errors.size();
        for (const auto& file : yaml_files(path)) {
            if (has_tests(file)) load_file(file, false, errors);
        }
        if (files_.size() + errors.size() == before) {
            append(errors, runtime::file_error(path, "no YAML file below it has tests",
                                               "tests stand under the key 'tests'"));
        }
    }
    if (!errors.empty()) return tl::unexpected(std::move(errors));
    return {};
}

void TestSession::load_file(const std::filesystem::path& file, bool named, Diagnostics& errors) {
    auto loaded = runtime::load_tests(file, catalogue_);
    if (!loaded) return append(errors, std::move(loaded.error()));
    if (loaded->tests.empty() && named) {
        return append(errors,
                      runtime::file_error(file, "has no tests", "add them under the key 'tests'"));
    }
    // What a test sets can be wrong, too.
    for (const TestSpec& test : loaded->tests) {
        if (test.overrides.empty() && test.variables.empty()) continue;
        if (auto wrong = check_test(*loaded, test, catalogue_); !wrong.empty()) {
            append(errors, std::move(wrong));
        }
    }
    files_.push_back(std::move(*loaded));
}

tl::expected<std::vector<FileResult>, Diagnostics> TestSession::run() {
    std::vector<FileResult> results;
    for (const TestFile& file : files_) {
        auto result = run_file(file);
        if (!result) return tl::unexpected(std::move(result.error()));
        results.push_back(std::move(*result));
    }
    return results;
}

tl::expected<FileResult, Diagnostics> TestSession::run_file(const TestFile& file) {
    FileResult result{file.source.name(), {}};
    std::deque<TestOutcome> outcomes;  // of tests that failed
    std::vector<Correction> corrections;
    for (const TestSpec& test : file.tests) {
        if (settings_.filter && !std::regex_search(test.name, *settings_.filter)) continue;
        auto run = run_test(file, test, catalogue_);
        if (!run) return tl::unexpected(std::move(run.error()));
        if (!run->result.passed()) {
            outcomes.push_back(std::move(run->first));
            corrections.push_back({&test, &outcomes.back()});
        }
        result.tests.push_back(std::move(run->result));
        if (!settings_.update) print(result, result.tests.back());
    }
    if (settings_.update) {
        update(file, corrections, result);
        for (const TestResult& test : result.tests) print(result, test);
    }
    return result;
}

void TestSession::update(const TestFile& file, const std::vector<Correction>& corrections,
                         FileResult& result) {
    UpdatedText text = updated(file.source, corrections);
    append(left_out_, std::move(text.left_out));
    if (text.changed.empty()) return;
    const Status written = replace_file(file.source.name(), text.text);
    if (!written.ok()) throw std::runtime_error(std::string(written.message()));
    append(changed_, std::move(text.changed));
    auto complete = text.complete.begin();
    for (TestResult& test : result.tests) {
        if (!test.passed()) test.updated = *complete++;
    }
}

void TestSession::print(const FileResult& file, const TestResult& test) const {
    if (!settings_.print) return;
    if (&test == &file.tests.front()) fmt::print("{}\n", file.file.string());
    fmt::print("{}", test_text(test));
    std::fflush(stdout);
}

}  // namespace spillway::cli
