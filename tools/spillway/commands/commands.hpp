#pragma once

#include <functional>
#include <string>

#include <CLI/CLI.hpp>

namespace spillway::cli {

/// What the command line asks for; answers the exit code. Parsing only chooses it.
using Action = std::function<int()>;

// Each adds one command with its options and help; when it is parsed, it becomes `chosen`.
void add_run(CLI::App& app, Action& chosen);
void add_record(CLI::App& app, Action& chosen);
void add_doctor(CLI::App& app, Action& chosen);
void add_validate(CLI::App& app, Action& chosen);
void add_test(CLI::App& app, Action& chosen);
void add_plugins(CLI::App& app, Action& chosen);
void add_plugins_new(CLI::App& plugins, Action& chosen);    ///< a command of `plugins`
void add_plugins_check(CLI::App& plugins, Action& chosen);  ///< likewise
void add_frames(CLI::App& app, Action& chosen);
void add_reload(CLI::App& app, Action& chosen);
void add_schema(CLI::App& app, Action& chosen);
void add_state(CLI::App& app, Action& chosen);
void add_dead_letters(CLI::App& app, Action& chosen);
void add_bench(CLI::App& app, Action& chosen);  ///< in builds with benchmarks
void add_version(CLI::App& app, Action& chosen);

/// "spillway 0.1.0 (plugin ABI 1, ..)", for the option `--version` as well.
[[nodiscard]] std::string version_text();

}  // namespace spillway::cli
