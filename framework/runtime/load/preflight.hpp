#pragma once

#include <chrono>
#include <filesystem>
#include <span>
#include <vector>

#include "runtime/load/catalogue.hpp"

namespace spillway::runtime {

/// Loads `files` in a child process first. A static constructor that throws ends the process from
/// inside dlopen and cannot be caught, and one may also crash, exit or never return; so it does
/// that to the child. If the child fails, each file is tried alone, so that all culprits are named
/// and nothing else suffers.
///
/// Call it before any thread starts: a child of fork() has only the calling thread, and locks
/// that others held stay locked. `patience` bounds the wall time of one child.
[[nodiscard]] std::vector<PluginProblem> preflight(
    std::span<const std::filesystem::path> files,
    std::chrono::milliseconds patience = std::chrono::seconds(5));

}  // namespace spillway::runtime
