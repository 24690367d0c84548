#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <spillway/sink.hpp>
#include <spillway/source.hpp>

#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::runtime {

/// Records that enter a pipeline once more, such as repaired dead letters. The run goes on from
/// the newest epoch, be it finished or not, and reads only what is here. Each record has an instant
/// of its own behind the pipeline's engine time, however long ago it was received. The pipeline's
/// own sources are not opened and their positions stay; no input ends, so that windows stay open; a
/// finished epoch is followed by a finished one.
///
/// Nothing is owned.
struct Reentry {
    /// What a source reads in place of its own input, by node id. All others read nothing.
    std::map<std::string, Source*, std::less<>> sources;

    /// Events that enter in the middle of the graph.
    struct Inlet {
        std::string id;  ///< with a dot: no id of a file has one
        Source* source = nullptr;
        std::vector<std::string> to;  ///< nodes that take them as input
    };
    std::vector<Inlet> inlets;

    /// What stands in front of a sink; the sink itself if nothing does. May be empty.
    std::function<Sink*(const NodeSpec& node, Sink& sink)> sink;
};

/// The plugin that an inlet is to the graph.
[[nodiscard]] const PluginDescription& inlet_description();
/// Adds the inlets to a checked pipeline.
void add_inlets(PipelineSpec& spec, const Reentry& reentry);
/// What this source reads now.
[[nodiscard]] Source* source_of(const NodeSpec& node, const Reentry& reentry);

}  // namespace spillway::runtime
