#pragma once

#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace spillway::runtime {

/// The variable with more plugin folders, separated by colons.
inline constexpr const char* plugin_path_variable = "SPILLWAY_PLUGIN_PATH";

/// The folders that are searched for plugins, absolute, each once. What is named explicitly goes
/// first, so that a plugin under development hides the installed one of its name:
/// `plugin_dirs` (--plugin-dir), `plugin_path` (SPILLWAY_PLUGIN_PATH), and last
/// `<prefix>/lib/spillway/plugins` for a program at `<prefix>/bin/`.
[[nodiscard]] std::vector<std::filesystem::path> plugin_folders(
    const std::filesystem::path& program, std::span<const std::filesystem::path> plugin_dirs,
    std::string_view plugin_path);

/// The same for the running program and its environment.
[[nodiscard]] std::vector<std::filesystem::path> plugin_folders(
    std::span<const std::filesystem::path> plugin_dirs = {});

}  // namespace spillway::runtime
