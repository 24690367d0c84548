#pragma once

#include <filesystem>
#include <optional>
#include <regex>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "runtime/load/catalogue.hpp"
#include "runtime/spec/load_tests.hpp"
#include "test/result.hpp"
#include "test/update.hpp"

namespace spillway::cli {

/// The tests of a command line, from paths to results.
class TestSession {
public:
    struct Settings {
        std::optional<std::regex> filter;  ///< names of the tests to run
        bool update = false;
        bool print = true;  ///< a line as each test ends; with `update` as each file does
    };
    explicit TestSession(const runtime::Catalogue& catalogue, Settings settings)
        : catalogue_(catalogue), settings_(std::move(settings)) {}

    /// Reads and checks everything before the first test runs: all mistakes of all files. A path is
    /// a file with tests, or a folder: then of all `*.yaml` below it those that have tests.
    [[nodiscard]] tl::expected<void, runtime::Diagnostics> load(
        const std::vector<std::filesystem::path>& paths);
    /// Runs the tests. An error: an option that only its plugin could check was wrong.
    [[nodiscard]] tl::expected<std::vector<FileResult>, runtime::Diagnostics> run();

    [[nodiscard]] const std::vector<runtime::TestFile>& files() const noexcept { return files_; }
    /// What `update` could not do, "file:line: why".
    [[nodiscard]] const std::vector<std::string>& left_out() const noexcept { return left_out_; }
    /// What it rewrote, "file:line: which".
    [[nodiscard]] const std::vector<std::string>& changed() const noexcept { return changed_; }

private:
    void load_file(const std::filesystem::path& file, bool named, runtime::Diagnostics& errors);
    [[nodiscard]] tl::expected<FileResult, runtime::Diagnostics> run_file(
        const runtime::TestFile& file);
    void update(const runtime::TestFile& file, const std::vector<Correction>& corrections,
                FileResult& result);
    void print(const FileResult& file, const TestResult& test) const;

    const runtime::Catalogue& catalogue_;
    Settings settings_;
    std::vector<runtime::TestFile> files_;
    std::vector<std::string> left_out_;
    std::vector<std::string> changed_;
};

}  // namespace spillway::cli
