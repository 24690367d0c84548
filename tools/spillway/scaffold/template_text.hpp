#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spillway::cli {

/// A text of a template is valid by itself: the sources call the plugin `my_plugin` and
/// `MyPlugin`. Other files may hold `@key@` as well.
using Placeholders = std::vector<std::pair<std::string, std::string>>;

/// Replaces every placeholder in one pass, so that values are never searched for placeholders.
[[nodiscard]] std::string fill(std::string_view text, const Placeholders& placeholders);

/// `CMakeLists.txt` of a template describes a project of its own down to the line `#---`, and
/// behind it what a folder of the tree needs as well. Answers the part asked for.
[[nodiscard]] std::string build_file(std::string_view text, bool in_tree);

}  // namespace spillway::cli
