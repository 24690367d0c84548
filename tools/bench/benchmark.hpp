#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "report.hpp"

namespace spillway::bench {

/// What the user asked for.
struct Request {
    std::size_t runs = 0;         ///< 0: what the benchmark thinks fit
    double minutes = 0;           ///< length of a run under load; 0: the benchmark's default
    std::filesystem::path input;  ///< empty: the benchmark's own

    [[nodiscard]] std::size_t runs_or(std::size_t fallback) const {
        return runs > 0 ? runs : fallback;
    }
    [[nodiscard]] double seconds_or(double fallback) const {
        return minutes > 0 ? 60 * minutes : fallback;
    }
};

/// The report, or why nothing could be measured and what to do about it.
using Measured = tl::expected<Report, std::string>;

struct Benchmark {
    std::string_view name;
    std::string_view summary;
    Measured (*measure)(const Request& request);
};

/// All benchmarks, in the order in which they are listed.
[[nodiscard]] std::span<const Benchmark> benchmarks();

}  // namespace spillway::bench
