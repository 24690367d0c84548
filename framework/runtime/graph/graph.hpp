#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/graph/stage.hpp"
#include "runtime/metrics/counters.hpp"
#include "runtime/metrics/histogram.hpp"
#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::runtime {

/// An edge as metrics and reports name it.
struct GraphEdge {
    std::string from, port, to;
    std::unique_ptr<EdgeCounters> counters;
};

/// A node's place in the graph and its counters.
struct GraphNode {
    const NodeSpec* spec = nullptr;
    std::unique_ptr<NodeCounters> counters;
    std::unique_ptr<Histogram> lag = nullptr;  ///< of live sources
};

/// The stages of a pipeline in an order in which each comes after those it reads.
struct Graph {
    std::vector<GraphNode> nodes;  ///< as PipelineSpec::nodes
    std::vector<GraphEdge> edges;
    std::vector<std::unique_ptr<Stage>> stages;
    std::vector<std::size_t> source_stages;

    /// Takes back the state of all nodes, before the first step.
    [[nodiscard]] Status restore(const Checkpoint& from, std::string& failed_node);
    /// True if more than one thread could be of use.
    [[nodiscard]] bool parallel() const noexcept;
};

/// The plugin objects of a node, created and configured.
struct NodeInstances {
    std::vector<Node*> nodes;  ///< transform, scorer: one per shard
    Node* decoder = nullptr;   ///< source of frames
    SinkQueue* sink = nullptr;
    std::vector<PoisonedRecord> poisoned;
};

/// Wires a checked pipeline: chains are fused, the rest is joined by fan-ins. `instances` is
/// parallel to spec.nodes. Errors of all nodes flow to the dead-letter store if there is one.
[[nodiscard]] Graph build_graph(const PipelineSpec& spec,
                                const std::vector<NodeInstances>& instances);

/// For each node, whether somebody downstream looks at the ids of what it puts out.
[[nodiscard]] std::vector<bool> nodes_that_need_ids(const PipelineSpec& spec);

}  // namespace spillway::runtime
