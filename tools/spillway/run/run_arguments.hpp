#pragma once

#include <filesystem>
#include <string>

#include <CLI/CLI.hpp>

#include "arguments.hpp"
#include "logging.hpp"
#include "runtime/run/runner.hpp"

namespace spillway::cli {

/// What the command line of `run` and `record` says.
struct RunArguments {
    std::string program;  ///< as the user called it
    PipelineArguments pipeline;
    LogSettings log;
    bool fresh = false;
    bool no_progress = false;
    std::string speed;
    std::string executor = "auto";
    unsigned threads = 0;
    std::filesystem::path data_dir = ".";
    std::filesystem::path replay;  ///< a recording in place of live sources
    std::filesystem::path record;
    std::string run_for;
    std::filesystem::path report_file;
    std::filesystem::path metrics_file;

    /// The options of both commands.
    void add_to(CLI::App& command);
    void add_speed_to(CLI::App& command);
    void add_replay_to(CLI::App& command);
    void add_out_to(CLI::App& command);

    [[nodiscard]] runtime::RunSettings settings() const;
};

/// Whether what a run leaves behind could be written, told in the log if not: better known before
/// than after a long run.
[[nodiscard]] bool can_write_results(const RunArguments& arguments);

}  // namespace spillway::cli
