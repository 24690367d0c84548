#pragma once

#include <string_view>

#include <spillway/status.hpp>

#include "runtime/spec/diagnostic.hpp"
#include "runtime/spec/pipeline_spec.hpp"

// How a command ends that cannot do what it was asked for: the reason on standard error, and the
// exit code.
namespace spillway::cli {

int refuse(const runtime::Diagnostics& diagnostics);
int fail(std::string_view message);
int fail(const Status& status);
/// What a sink of the pipeline says: without the secrets that it was given.
int fail(const Status& status, const runtime::PipelineSpec& spec);

}  // namespace spillway::cli
