#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "runtime/load/catalogue.hpp"
#include "runtime/run/runner.hpp"

namespace spillway::testing {

/// The plugins of this build.
[[nodiscard]] const runtime::Catalogue& built_plugins();

/// A run inside the test's own process.
struct PipelineRun {
    std::filesystem::path file;
    runtime::RunSettings settings;
    std::vector<std::pair<std::string, std::string>> overrides;  ///< as `--set`
    std::map<std::string, std::string> variables;                ///< for `${NAME}`
    std::vector<std::string> taps;  ///< outputs to listen to: `node` or `node.port`
    std::filesystem::path replay;   ///< a recording in the place of live sources
};

struct PipelineOutcome {
    runtime::Diagnostics diagnostics;  ///< not empty: nothing was started
    runtime::RunResult result;
    std::map<std::string, std::vector<std::string>> lines;  ///< JSON, by tap

    [[nodiscard]] const runtime::NodeReport* node(std::string_view id) const noexcept;
};

[[nodiscard]] PipelineOutcome run_pipeline(const PipelineRun& run);

/// What listens to an output, `node` or `node.port`.
[[nodiscard]] runtime::Tap tap_of(const std::string& output, std::size_t number, Sink& sink);

/// Expects that every record is accounted for at every node and edge and that none is queued.
void expect_balanced(const runtime::RunStatus& status);

}  // namespace spillway::testing
