#pragma once

#include <string>
#include <vector>

#include "runtime/run/runner.hpp"

namespace spillway::cli {

/// Why recorded sources gave nothing to a run that has ended, a line each: they are asked to look
/// at their input once more. Empty if every source gave something, or has no explanation.
[[nodiscard]] std::vector<std::string> explain_silence(const runtime::PipelineSpec& spec,
                                                       const runtime::RunResult& result);

}  // namespace spillway::cli
