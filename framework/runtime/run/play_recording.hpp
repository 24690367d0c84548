#pragma once

#include <filesystem>

#include "runtime/load/catalogue.hpp"
#include "runtime/spec/diagnostic.hpp"
#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::runtime {

/// Puts a recording in the place of the live sources: each reads, by the source `frames`, what was
/// recorded of it below `folder`, with the same decoder under the same id. Sources that are not
/// live stay. Errors: nothing is live, a source has no recording, there is no plugin `frames`.
[[nodiscard]] Diagnostics play_recording(PipelineSpec& spec, const Catalogue& catalogue,
                                         const std::filesystem::path& folder);

/// Why the live sources cannot be recorded there; empty if they can: nothing is live, a source has
/// no frames, the folder has something in it.
[[nodiscard]] Diagnostics check_recording(const PipelineSpec& spec,
                                          const std::filesystem::path& folder);

}  // namespace spillway::runtime
