#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <tl/expected.hpp>

namespace spillway::bench {

/// What a program did that ran to its end.
struct ProcessResult {
    double wall_seconds = 0;
    double cpu_seconds = 0;
    std::uint64_t peak_rss_bytes = 0;
    std::int64_t started = 0;  ///< just before, nanoseconds of the monotonic clock
    std::string output;        ///< standard output
};

/// Runs this very program with these arguments in `folder` and waits for it. An error quotes what
/// it wrote to standard error.
[[nodiscard]] tl::expected<ProcessResult, std::string> run_program(
    const std::vector<std::string>& arguments, const std::filesystem::path& folder);

}  // namespace spillway::bench
