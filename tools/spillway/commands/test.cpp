#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "arguments.hpp"
#include "commands/commands.hpp"
#include "exit_code.hpp"
#include "failure.hpp"
#include "run/result_files.hpp"
#include "runtime/spec/diagnostic.hpp"
#include "test/report.hpp"
#include "test/session.hpp"

namespace spillway::cli {
namespace {

struct TestArguments {
    std::vector<std::filesystem::path> files;
    std::vector<std::filesystem::path> plugin_dirs;
    std::filesystem::path junit;
    std::string filter;
    std::string format = "text";
    bool list = false;
    bool update = false;

    [[nodiscard]] bool json() const { return format == "json"; }
};

std::string check_regex(const std::string& text) {
    try {
        const std::regex compiled(text);
        return {};
    } catch (const std::regex_error&) {
        return "'" + text + "' is no regular expression";
    }
}

int refuse_tests(const runtime::Diagnostics& errors, const TestArguments& arguments) {
    if (arguments.json()) {
        fmt::print("{}\n", to_json(errors));
    } else {
        fmt::print(stderr, "{}no test was run: {} {}\n", to_text(errors), errors.size(),
                   errors.size() == 1 ? "problem" : "problems");
    }
    return exit_usage;
}

int list(const TestSession& session, const std::optional<std::regex>& filter, bool json) {
    std::vector<FileResult> found;
    for (const runtime::TestFile& file : session.files()) {
        FileResult& one = found.emplace_back(FileResult{file.source.name(), {}});
        for (const runtime::TestSpec& test : file.tests) {
            if (filter && !std::regex_search(test.name, *filter)) continue;
            one.tests.push_back({test.name, test.where, 0, {}});
        }
    }
    if (json) {
        fmt::print("{}", list_json(found));
        return exit_ok;
    }
    for (const FileResult& file : found) {
        for (const TestResult& test : file.tests) {
            fmt::print("{}:{}: {}\n", test.where.file, test.where.line, test.name);
        }
    }
    return exit_ok;
}

bool any_failed(const std::vector<FileResult>& results) {
    for (const FileResult& file : results) {
        for (const TestResult& test : file.tests) {
            if (test.failed()) return true;
        }
    }
    return false;
}

bool any_ran(const std::vector<FileResult>& results) {
    for (const FileResult& file : results) {
        if (!file.tests.empty()) return true;
    }
    return false;
}

void tell_updates(const std::vector<std::string>& updated) {
    for (const std::string& which : updated) fmt::print(stderr, "updated: {}\n", which);
    if (updated.empty()) return fmt::print(stderr, "nothing was updated\n");
    fmt::print(stderr, "updated {} {}: look at the difference before you keep it\n", updated.size(),
               updated.size() == 1 ? "expectation" : "expectations");
}

int run(TestSession& session, const TestArguments& arguments) {
    const auto start = std::chrono::steady_clock::now();
    const auto results = session.run();
    if (!results) return refuse_tests(results.error(), arguments);
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (!any_ran(*results)) {
        fmt::print(stderr, "spillway: no test has a name that matches '{}'; see --list\n",
                   arguments.filter);
        return exit_usage;
    }
    fmt::print("{}", arguments.json() ? test_json(*results) : summary_text(*results, seconds));
    for (const std::string& why : session.left_out()) {
        fmt::print(stderr, "not updated: {}\n", why);
    }
    if (arguments.update) tell_updates(session.changed());
    if (!arguments.junit.empty()) {
        const Status written = replace_file(arguments.junit, junit_xml(*results));
        if (!written.ok()) return fail(written);
    }
    return any_failed(*results) ? exit_failed : exit_ok;
}

int test(const TestArguments& arguments) {
    const runtime::Catalogue catalogue = scan_plugins(arguments.plugin_dirs);
    std::optional<std::regex> filter;
    if (!arguments.filter.empty()) filter = std::regex(arguments.filter);
    if (!arguments.junit.empty()) {
        if (const Status status = check_writable(arguments.junit); !status.ok()) {
            fmt::print(stderr, "spillway: {}\n", status.message());
            return exit_usage;
        }
    }
    TestSession session(catalogue, {filter, arguments.update, !arguments.json()});
    if (const auto loaded = session.load(arguments.files); !loaded) {
        return refuse_tests(loaded.error(), arguments);
    }
    return arguments.list ? list(session, filter, arguments.json()) : run(session, arguments);
}

}  // namespace

void add_test(CLI::App& app, Action& chosen) {
    CLI::App* const command =
        app.add_subcommand("test", "Run the tests in pipeline files; touches no store, no network");
    command->footer(
        "Examples:\n"
        "  spillway test pipelines                       all files of a folder that have tests\n"
        "  spillway test mine.yaml --filter late         tests whose name matches\n"
        "  spillway test mine.yaml --update              take what came for what is expected\n"
        "  spillway test pipelines --junit results.xml   for CI\n"
        "\n"
        "Tests stand in a pipeline file under 'tests', or in a file of their own with 'pipeline'\n"
        "and 'tests': docs/pipelines.md.");
    const auto arguments = std::make_shared<TestArguments>();
    TestArguments& a = *arguments;
    command->add_option("files", a.files, "Files with tests, or folders of them")
        ->type_name("FILE...")
        ->required();
    CLI::Option* const list =
        command->add_flag("--list", a.list, "Show the tests and where they stand; run none");
    command->add_option("--filter", a.filter, "Run only tests whose name matches")
        ->type_name("REGEX")
        ->check(CLI::Validator(check_regex, ""));
    command
        ->add_flag("--update", a.update,
                   "Write what came into the files in place of what was expected")
        ->excludes(list);
    command->add_option("--junit", a.junit, "Write the results to this file as JUnit XML")
        ->type_name("FILE");
    add_format(*command, a.format);
    add_plugin_dirs(*command, a.plugin_dirs);
    command->callback([arguments, &chosen] { chosen = [arguments] { return test(*arguments); }; });
}

}  // namespace spillway::cli
