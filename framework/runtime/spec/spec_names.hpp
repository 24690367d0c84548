#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::runtime {

/// How parts of a spec are called in texts for people.

[[nodiscard]] std::vector<std::string_view> kind_list(KindSet kinds);
/// "risk" or "big.late"
[[nodiscard]] std::string output_name(const InputSpec& input);
/// "scorers.risk"
[[nodiscard]] std::string path_of(const NodeSpec& node);

}  // namespace spillway::runtime
