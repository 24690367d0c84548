#pragma once

#include <filesystem>
#include <vector>

#include <tl/expected.hpp>

#include "letters/letter_box.hpp"
#include "letters/replay_plan.hpp"
#include "runtime/load/catalogue.hpp"
#include "runtime/run/runner.hpp"

namespace spillway::cli {

/// What a replay did. If `status` is not ok, nothing has changed, or it can be done again.
struct ReplayResult {
    Status status;
    std::string node;                     ///< where it failed
    std::vector<LetterOutcome> outcomes;  ///< of the plan's letters; reasons view `reasons`
    std::vector<std::string> reasons;
    std::uint64_t epoch = 0;
};

/// Runs the pipeline once more, with the letters in place of its input, as one epoch that follows
/// its newest. The pipeline must not be running.
[[nodiscard]] tl::expected<ReplayResult, runtime::Diagnostics> replay_letters(
    const runtime::PipelineSpec& spec, const runtime::Catalogue& catalogue,
    const std::filesystem::path& data_dir, const LetterBox& box, const ReplayPlan& plan);

}  // namespace spillway::cli
