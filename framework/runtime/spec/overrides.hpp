#pragma once

#include <span>
#include <string>
#include <utility>

#include "runtime/spec/findings.hpp"
#include "runtime/spec/yaml_document.hpp"

namespace spillway::runtime {

/// Puts the values of `--set path=value` into the document. A path names keys and list positions,
/// `sinks.store.path` or `transforms.big.where[0]`; a key of a node may be new, a node may not.
void apply_overrides(YamlNode& root, std::span<const std::pair<std::string, std::string>> overrides,
                     Findings& findings);

}  // namespace spillway::runtime
