#pragma once

#include "runtime/spec/findings.hpp"
#include "runtime/spec/yaml_document.hpp"

namespace spillway::runtime {

/// Reports keys that YAML libraries accept and people do not mean: given twice, merge keys (`<<`,
/// which are not merged), and keys that are no text.
void check_keys(const YamlNode& root, Findings& findings);

}  // namespace spillway::runtime
