#include "support/run_pipeline.hpp"

#include <array>
#include <memory>

#include <gtest/gtest.h>

#include "runtime/run/play_recording.hpp"
#include "runtime/spec/load_pipeline.hpp"
#include "test/line_sink.hpp"

namespace spillway::testing {

runtime::Tap tap_of(const std::string& output, std::size_t number, Sink& sink) {
    const std::size_t dot = output.find('.');
    runtime::InputSpec input;
    input.from = output.substr(0, dot);
    if (dot != std::string::npos) input.port = output.substr(dot + 1);
    input.kinds = KindSet::all();
    return {"tap_" + std::to_string(number), &sink, {input}};
}

const runtime::Catalogue& built_plugins() {
    static const runtime::Catalogue catalogue = runtime::Catalogue::scan(
        std::array{std::filesystem::path(SPILLWAY_BINARY_DIR) / "lib/spillway/plugins"});
    return catalogue;
}

const runtime::NodeReport* PipelineOutcome::node(std::string_view id) const noexcept {
    for (const runtime::NodeReport& node : result.final.nodes) {
        if (node.id == id) return &node;
    }
    return nullptr;
}

PipelineOutcome run_pipeline(const PipelineRun& run) {
    PipelineOutcome outcome;
    runtime::LoadOptions options;
    options.overrides = run.overrides;
    options.environment = [&](std::string_view name) -> std::optional<std::string> {
        const auto found = run.variables.find(std::string(name));
        if (found == run.variables.end()) return std::nullopt;
        return found->second;
    };
    auto spec = runtime::load_pipeline(run.file, built_plugins(), options);
    if (!spec) {
        outcome.diagnostics = std::move(spec.error());
        return outcome;
    }
    if (!run.replay.empty()) {
        outcome.diagnostics = runtime::play_recording(*spec, built_plugins(), run.replay);
        if (!outcome.diagnostics.empty()) return outcome;
    }
    std::map<std::string, cli::LineSink> sinks;
    std::vector<runtime::Tap> taps;
    for (const std::string& output : run.taps) {
        taps.push_back(tap_of(output, taps.size(), sinks[output]));
    }
    auto runner =
        runtime::Runner::create(std::move(*spec), built_plugins(), run.settings, std::move(taps));
    if (!runner) {
        outcome.diagnostics = std::move(runner.error());
        return outcome;
    }
    outcome.result = (*runner)->run();
    for (const auto& [output, sink] : sinks) outcome.lines[output] = sink.lines();
    return outcome;
}

void expect_balanced(const runtime::RunStatus& status) {
    for (const runtime::NodeReport& node : status.nodes) {
        EXPECT_TRUE(node.balanced) << "node " << node.id << ": in " << node.books.in;
        EXPECT_EQ(node.queued, 0U) << "node " << node.id;
    }
    for (const runtime::EdgeReport& edge : status.edges) {
        EXPECT_EQ(edge.queued, 0U) << "edge " << edge.from << '.' << edge.port << " -> " << edge.to;
        EXPECT_EQ(edge.emitted, edge.delivered + edge.dropped)
            << "edge " << edge.from << '.' << edge.port << " -> " << edge.to;
    }
}

}  // namespace spillway::testing
