#pragma once

#include <string>

#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::runtime {

/// `validate --explain`: every value of every node with where it came from, inputs with the kinds
/// that flow on them. Secrets are `***`.
[[nodiscard]] std::string explain_text(const PipelineSpec& pipeline);
/// The same as JSON: {"name", "file", "settings": [..], "nodes": [{"id", "category", "type",
/// "venue", "inputs", "emits", "settings"}]}; a setting is {"path", "value", "origin", "from"}.
[[nodiscard]] std::string explain_json(const PipelineSpec& pipeline);

}  // namespace spillway::runtime
