#pragma once

#include <functional>
#include <string_view>

#include <spillway/examination.hpp>

#include "runtime/load/catalogue.hpp"
#include "runtime/spec/diagnostic.hpp"
#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::runtime {

/// Lets every source of a pipeline try what it talks to, all at a time, as most of it is waiting;
/// nothing is run and no sink is opened. `examiner` answers, before anything begins, who takes the
/// findings of a node. Blocks.
[[nodiscard]] Diagnostics examine_sources(
    const PipelineSpec& spec, const std::function<Examiner&(const NodeSpec& node)>& examiner);

}  // namespace spillway::runtime
