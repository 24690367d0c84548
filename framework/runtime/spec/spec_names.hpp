#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::runtime {

/// How parts of a spec are called in texts for people.

[[nodiscard]] std::vector<std::string_view> kind_list(KindSet kinds);
/// What may follow the dot in `id.output`: ports, `late`, `errors`.
[[nodiscard]] std::vector<std::string_view> output_ports(const PluginDescription& plugin);
/// "risk" or "big.late"
[[nodiscard]] std::string output_name(const InputSpec& input);
/// "scorers.risk"
[[nodiscard]] std::string path_of(const NodeSpec& node);

}  // namespace spillway::runtime
