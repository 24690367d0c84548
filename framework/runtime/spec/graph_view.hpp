#pragma once

#include <string>

#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::runtime {

/// The pipeline as a drawing: nodes by category, edges with output and kinds.
[[nodiscard]] std::string graph_mermaid(const PipelineSpec& pipeline);
[[nodiscard]] std::string graph_dot(const PipelineSpec& pipeline);
/// {"name", "nodes": [{"id", "category", "type", "emits"}],
///  "edges": [{"from", "port", "to", "kinds", "broadcast"}]}
[[nodiscard]] std::string graph_json(const PipelineSpec& pipeline);

}  // namespace spillway::runtime
