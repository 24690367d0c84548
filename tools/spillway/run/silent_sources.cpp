#include "run/silent_sources.hpp"

#include <algorithm>
#include <deque>
#include <utility>

#include <fmt/format.h>

#include "runtime/run/examine.hpp"
#include "runtime/run/secrets.hpp"

namespace spillway::cli {
namespace {

/// Keeps what one source has to say against its input.
class Answer final : public Examiner {
public:
    explicit Answer(std::string node) : node_(std::move(node)) {}

    void report(const Finding& finding) noexcept override {
        if (finding.outcome == Outcome::good || finding.outcome == Outcome::skipped) return;
        lines_.push_back(fmt::format("{} gave no records: {}: {}{}{}", node_, finding.endpoint,
                                     finding.detail, finding.fix.empty() ? "" : "; ", finding.fix));
    }
    [[nodiscard]] bool stopped() const noexcept override { return false; }
    [[nodiscard]] const std::vector<std::string>& lines() const noexcept { return lines_; }

private:
    std::string node_;
    std::vector<std::string> lines_;
};

bool is_silent(const runtime::NodeSpec& node, const runtime::RunStatus& status) {
    // A live source that hears nothing says so itself.
    if (node.category != Category::source || node.plugin->is(Trait::live)) return false;
    const auto found = std::ranges::find(status.nodes, node.id, &runtime::NodeReport::id);
    return found != status.nodes.end() && found->books.in == 0;
}

}  // namespace

std::vector<std::string> explain_silence(const runtime::PipelineSpec& spec,
                                         const runtime::RunResult& result) {
    // A run that stopped early may not have come so far.
    if (!result.status.ok() || result.interrupted) return {};
    runtime::PipelineSpec silent = spec;
    std::erase_if(silent.nodes,
                  [&](const runtime::NodeSpec& node) { return !is_silent(node, result.final); });
    if (silent.nodes.empty()) return {};
    std::deque<Answer> answers;  // stay in place
    const auto problems = runtime::examine_sources(
        silent,
        [&](const runtime::NodeSpec& node) -> Examiner& { return answers.emplace_back(node.id); });
    std::vector<std::string> lines;
    if (!problems.empty()) return lines;  // the run itself has told them
    for (const Answer& answer : answers) {
        for (const std::string& line : answer.lines()) {
            lines.push_back(runtime::without_secrets(spec, line));
        }
    }
    return lines;
}

}  // namespace spillway::cli
