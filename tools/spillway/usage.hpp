#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

// What CLI11 leaves to its user: `help` as a word, and what a mistyped word was meant to be.
namespace spillway::cli {

/// The words after the program's name, with `help run` as `run --help`.
[[nodiscard]] std::vector<std::string> words_of(int argc, const char* const* argv);

/// "there is no command 'rnu'; did you mean 'run'?" if a word stands where a command must and is
/// none, also of commands that have commands themselves; else empty.
[[nodiscard]] std::string unknown_command(const CLI::App& app,
                                          const std::vector<std::string>& words);

/// "there is no option --sped; did you mean '--speed'?" for the first option that nobody knows;
/// empty if there is none. `app` has parsed the command line as far as it could.
[[nodiscard]] std::string unknown_option(const CLI::App& app);

}  // namespace spillway::cli
