#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "runtime/load/catalogue.hpp"
#include "runtime/spec/load_pipeline.hpp"

// Options that several commands share.
namespace spillway::cli {

/// `--format text|json`.
CLI::Option* add_format(CLI::App& command, std::string& format);

/// `--plugin-dir DIR`, any number of times.
void add_plugin_dirs(CLI::App& command, std::vector<std::filesystem::path>& folders);

/// The plugins of the folders given, of SPILLWAY_PLUGIN_PATH and of the installation.
[[nodiscard]] runtime::Catalogue scan_plugins(
    const std::vector<std::filesystem::path>& plugin_dirs);

/// A pipeline file and what changes it from the command line.
struct PipelineArguments {
    std::filesystem::path file;
    std::vector<std::string> sets;  ///< `path=value`
    std::vector<std::filesystem::path> plugin_dirs;

    void add_to(CLI::App& command);
    [[nodiscard]] runtime::LoadOptions load_options() const;
};

}  // namespace spillway::cli
