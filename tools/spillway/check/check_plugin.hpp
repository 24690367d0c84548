#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "check/check_case.hpp"
#include "check/check_report.hpp"

namespace spillway::cli {

struct CheckSettings {
    CheckCase with;
    std::chrono::milliseconds deadline = std::chrono::seconds(10);  ///< of each property
    std::uint64_t seed = 1;
    std::uint32_t cuttings = 8;
    std::vector<std::string> only;  ///< properties to check; empty: all
    std::string command;            ///< that would check the file in the same way
};

/// Names of all properties, in the order in which they are checked.
[[nodiscard]] std::vector<std::string_view> property_names();

/// Holds a plugin file against every property that concerns its category. Each is checked in a
/// process of its own: one that crashes, hangs, exits or leaks is a finding. An error says what is
/// missing to try the plugin at all. Call it before any thread starts.
[[nodiscard]] tl::expected<PluginReport, std::string> check_plugin(
    const std::filesystem::path& file, const CheckSettings& settings);

}  // namespace spillway::cli
