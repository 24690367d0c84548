#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace spillway::testing {

struct ShellResult {
    int code = -1;
    std::string output;  ///< both streams
};

/// Runs a command in a folder; `variables` are set for it (`NAME=value`).
ShellResult shell(const std::filesystem::path& folder, const std::vector<std::string>& words,
                  const std::vector<std::string>& variables = {});

/// Answers what the command printed; fails the test if the command fails.
std::string run(const std::filesystem::path& folder, const std::vector<std::string>& words,
                const std::vector<std::string>& variables = {});

/// The words that configure a project as strictly as we build ourselves, and fast.
std::vector<std::string> configure(const std::filesystem::path& build,
                                   std::vector<std::string> definitions);

/// This build, installed far from the checkout; once for all tests.
const std::filesystem::path& prefix();

}  // namespace spillway::testing
