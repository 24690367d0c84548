#pragma once

#include <string>
#include <vector>

#include "runtime/epoch/checkpoint.hpp"
#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::runtime {

/// What a reload would do with one node.
struct PlannedNode {
    enum class Change { kept, restarted, added, removed, refused };

    std::string id;
    Change change = Change::kept;
    std::string state;  ///< what becomes of its state, for a person
};

/// Compares a pipeline file with the checkpoint of the pipeline as it runs. Nodes in the order of
/// the file, removed ones last.
[[nodiscard]] std::vector<PlannedNode> plan_reload(const PipelineSpec& spec,
                                                   const Checkpoint& checkpoint);

}  // namespace spillway::runtime
