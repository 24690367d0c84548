#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "runtime/load/catalogue.hpp"
#include "runtime/run/runner.hpp"
#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::bench {

/// The plugins that this program would use.
[[nodiscard]] const runtime::Catalogue& catalogue();

/// The shipped pipeline file of that name: of the installation, or of the checkout that this
/// program was built from. An error says where it was looked for.
[[nodiscard]] tl::expected<std::filesystem::path, std::string> shipped_pipeline(
    std::string_view name);

using Variables = std::map<std::string, std::string, std::less<>>;

/// Values in the place of those of the file, as `--set` has them.
using Overrides = std::vector<std::pair<std::string, std::string>>;

/// Reads a pipeline file as `spillway run` does, with these variables beside the environment's.
[[nodiscard]] tl::expected<runtime::PipelineSpec, std::string> load(
    const std::filesystem::path& file, const Variables& variables = {},
    const Overrides& overrides = {});

/// The same from text, for pipelines that only a benchmark needs.
[[nodiscard]] tl::expected<runtime::PipelineSpec, std::string> load_text(std::string_view yaml);

[[nodiscard]] tl::expected<std::unique_ptr<runtime::Runner>, std::string> make_runner(
    runtime::PipelineSpec spec, const runtime::RunSettings& settings,
    std::vector<runtime::Tap> taps = {});

/// Why a run failed; empty if it did not. Lost records are a failure as well.
[[nodiscard]] std::string failure_of(const runtime::RunResult& result);

}  // namespace spillway::bench
