#pragma once

#include <string>
#include <string_view>

#include <spillway/manifest.hpp>
#include <spillway/status.hpp>

namespace spillway::cli {

/// Ok for a name that can be a plugin's: it goes into pipeline files, metrics and tables, and is a
/// namespace of C++. `[a-z][a-z0-9_]*`, at most 40 characters, no keyword and nothing that
/// namespace spillway holds already.
[[nodiscard]] Status check_plugin_name(std::string_view name);

/// `big_trades` to `BigTradesTransform`: the category keeps the class apart from what it is about.
[[nodiscard]] std::string class_name(std::string_view name, Category category);

}  // namespace spillway::cli
