// Pipelines end to end: the plugins as they ship, a pipeline file, recorded events in, events and
// books out.

#include <algorithm>

#include <gtest/gtest.h>

#include "case_file.hpp"
#include "runtime/spec/diagnostic.hpp"
#include "support/json.hpp"
#include "support/run_pipeline.hpp"
#include "support/temporary_folder.hpp"

namespace spillway::testing {
namespace {

std::vector<std::filesystem::path> case_files() {
    std::vector<std::filesystem::path> files;
    const auto folder = std::filesystem::path(SPILLWAY_SOURCE_DIR) / "tests/pipeline/cases";
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".yaml") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

void expect_lines(const std::string& output, const std::vector<std::string>& expected,
                  const std::vector<std::string>& actual) {
    for (std::size_t i = 0; i < std::max(expected.size(), actual.size()); ++i) {
        if (i >= expected.size()) {
            ADD_FAILURE() << output << " has one more line: " << actual[i];
        } else if (i >= actual.size()) {
            ADD_FAILURE() << output << " lacks a line: " << expected[i];
        } else if (const auto why = json_difference(expected[i], actual[i]); !why.empty()) {
            ADD_FAILURE() << output << " line " << i + 1 << ": " << why << "\n  " << actual[i];
        }
    }
}

void expect_books(const std::string& id, const std::map<std::string, std::uint64_t>& expected,
                  const PipelineOutcome& outcome) {
    const runtime::NodeReport* node = outcome.node(id);
    ASSERT_NE(node, nullptr) << "no node " << id;
    const Books& books = node->books;
    const std::map<std::string, std::uint64_t> actual = {{"in", books.in},
                                                         {"processed", books.processed()},
                                                         {"filtered", books.filtered},
                                                         {"duplicate", books.duplicate},
                                                         {"late", books.late},
                                                         {"dropped", books.dropped},
                                                         {"dead_lettered", books.dead_lettered},
                                                         {"emitted", node->emitted}};
    for (const auto& [name, count] : expected) {
        ASSERT_TRUE(actual.contains(name)) << "books of " << id << ": unknown count " << name;
        EXPECT_EQ(actual.at(name), count) << id << ": " << name;
    }
}

class PipelineCase : public ::testing::TestWithParam<std::filesystem::path> {};

TEST_P(PipelineCase, GivesWhatItsFileSays) {
    const CaseFile wanted = read_case(GetParam());
    const TemporaryFolder folder;
    for (const auto& [name, content] : wanted.input) folder.write(name, content);
    PipelineRun run;
    run.file = folder.write("pipeline.yaml", wanted.pipeline);
    run.variables = {{"DIR", folder.path().string()}};
    run.settings.data_dir = folder.path();
    run.settings.executor = runtime::ExecutorKind::inline_only;
    for (const auto& [output, lines] : wanted.expect) run.taps.push_back(output);

    const PipelineOutcome outcome = run_pipeline(run);
    ASSERT_TRUE(outcome.diagnostics.empty()) << to_text(outcome.diagnostics);
    if (wanted.fails.empty()) {
        EXPECT_TRUE(outcome.result.status.ok())
            << outcome.result.node << ": " << outcome.result.status.message();
    } else {
        const std::string message(outcome.result.status.message());
        EXPECT_NE(message.find(wanted.fails), std::string::npos) << "'" << message << "'";
    }
    for (const auto& [output, lines] : wanted.expect) {
        expect_lines(output, lines, outcome.lines.at(output));
    }
    for (const auto& [node, books] : wanted.books) expect_books(node, books, outcome);
    expect_balanced(outcome.result.final);
}

INSTANTIATE_TEST_SUITE_P(Cases, PipelineCase, ::testing::ValuesIn(case_files()),
                         [](const auto& test) { return test.param.stem().string(); });

}  // namespace
}  // namespace spillway::testing
