#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace spillway::cli {

/// Logs go to standard error: people's results and data go to standard output.
struct LogSettings {
    std::string level = "info";
    std::string format = "text";

    void add_to(CLI::App& command);
    [[nodiscard]] bool json() const noexcept { return format == "json"; }
};

/// Makes the process-wide logger. Text: one line a message, coloured on a terminal. JSON: one
/// object a line with `time`, `level`, `message`.
void set_up_logging(const LogSettings& settings);

}  // namespace spillway::cli
