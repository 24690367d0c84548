#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "runtime/graph/fan_in.hpp"
#include "runtime/graph/node_body.hpp"
#include "runtime/graph/sink_queue.hpp"
#include "runtime/ingress/head.hpp"

namespace spillway::runtime {

/// Why the pipeline cannot go on.
struct Failure {
    std::string node;
    Status status;
    OrderKey at;  ///< of the record or timer whose handler threw
};

/// What leaves a stage in one step: one packet per output that somebody outside the stage reads.
using StageOutput = std::vector<Packet>;

/// One input of a stage: an output of an earlier stage, narrowed to some kinds.
struct StageInput {
    std::size_t stage = 0;   ///< index of the producing stage
    std::size_t output = 0;  ///< index into its StageOutput
    KindSet kinds;
    EdgeCounters* edge = nullptr;
    bool latest = false;     ///< of each stream only the newest event of an instant
    bool broadcast = false;  ///< events concern every key of the node
    bool guest = false;      ///< of this run only; guests come last
};

/// An edge inside a stage; no counters = there is none, the node starts the stage.
struct FusedEdge {
    KindSet kinds;
    EdgeCounters* counters = nullptr;
};

/// A chain of nodes that runs as one body: fused because each feeds only the next. It starts with
/// a source's head, or with the fan-in of its inputs, and may end in a sink. Stages are what the
/// executors schedule; a stage is run by one thread at a time, in step order.
class Stage {
public:
    struct Output {
        std::size_t node = 0;    ///< index in the chain; `head` = the source's own output
        std::uint32_t port = 0;  ///< NodeBody port
    };
    static constexpr std::size_t head = ~std::size_t{0};

    std::size_t number = 0;        ///< its place in the graph
    std::unique_ptr<Head> source;  ///< set if the stage starts with a source
    std::size_t source_index = 0;
    std::vector<StageInput> inputs;
    std::vector<std::unique_ptr<NodeBody>> chain;
    std::vector<FusedEdge> chain_edges;  ///< into chain[i] from its predecessor
    SinkQueue* sink = nullptr;           ///< end of the chain
    FusedEdge sink_edge;                 ///< into a sink that is fused to a node
    std::vector<Output> outputs;

    /// Must be called once after the members above are set.
    void prepare();

    /// Runs one step. `input` is the source's part of it; `produced[i]` is what stage i put out.
    /// False: the pipeline cannot go on, see `failure`.
    [[nodiscard]] bool run(const StepInfo& step, SourceInput* input,
                           std::span<const StageOutput> produced, StageOutput& out,
                           const ForEachShard& for_each, Failure& failure);
    /// Takes back what its nodes handed over at a barrier. Before the first step.
    [[nodiscard]] Status restore(const Checkpoint& from, std::string& failed_node);

private:
    [[nodiscard]] Status run_nodes(const StepInfo& step, SourceInput* input,
                                   std::span<const StageOutput> produced,
                                   const ForEachShard& for_each, Failure& failure);
    [[nodiscard]] Status hand_over_state(Epoch& epoch, std::string& failed_node);
    /// The node that the fan-in belongs to.
    [[nodiscard]] const std::string& first_node() const noexcept {
        return chain.empty() ? sink->id() : chain.front()->id();
    }
    void hand_out(const StepInfo& step, StageOutput& out);
    /// Lets go of what nobody took: it holds the step's budget.
    void release() noexcept;
    /// Lets what the next node takes pass, and counts it.
    void cross(const FusedEdge& edge);
    void join(const StepInfo& step, std::span<const StageOutput> produced);

    std::unique_ptr<FanIn> fan_in_;
    std::vector<Packet> arriving_;
    Packet packet_;
};

}  // namespace spillway::runtime
