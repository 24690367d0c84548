#pragma once

#include <string>

#include "runtime/load/catalogue.hpp"

namespace spillway::runtime {

/// `spillway plugins list`: by category; then the files that cannot be used, with reason and fix.
[[nodiscard]] std::string list_text(const Catalogue& catalogue);
/// {"plugins": [{name, category, version, summary, file}], "problems": [{file, reason, fix}]}
[[nodiscard]] std::string list_json(const Catalogue& catalogue);

/// `spillway plugins describe NAME`: what it does, takes and emits, its options as a table, and an
/// example to paste into a pipeline file.
[[nodiscard]] std::string describe_text(const PluginDescription& plugin);
/// Everything in PluginDescription, under the same names.
[[nodiscard]] std::string describe_json(const PluginDescription& plugin);

/// An entry of a pipeline file with every option at its default; required ones are marked.
[[nodiscard]] std::string example_yaml(const PluginDescription& plugin);

}  // namespace spillway::runtime
