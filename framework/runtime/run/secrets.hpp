#pragma once

#include <string>

#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::runtime {

/// What a plugin says of a failure, without the secrets that it was given: it may quote them.
[[nodiscard]] std::string without_secrets(const PipelineSpec& spec, std::string text);

}  // namespace spillway::runtime
