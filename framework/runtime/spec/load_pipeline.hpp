#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "runtime/load/catalogue.hpp"
#include "runtime/spec/diagnostic.hpp"
#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::runtime {

struct LoadOptions {
    /// `--set scorers.risk.profile=classic`: values as in YAML, applied after parsing.
    std::vector<std::pair<std::string, std::string>> overrides;
    /// Value of a variable for `${NAME}`; empty function = the process environment.
    std::function<std::optional<std::string>(std::string_view)> environment;
    /// For tests, which put their own in the place of sources and sinks: options of sinks, and
    /// `path` of sources, are neither read nor checked.
    bool without_places = false;
};

/// Reads and checks a pipeline file: all mistakes of one run at once. Starts nothing and touches
/// no file but this one and those that `${file:PATH}` names. Warnings go to `warnings`.
[[nodiscard]] tl::expected<PipelineSpec, Diagnostics> load_pipeline(
    const std::filesystem::path& file, const Catalogue& catalogue, const LoadOptions& options,
    Diagnostics* warnings = nullptr);

}  // namespace spillway::runtime
