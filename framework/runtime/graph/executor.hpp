#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runtime/graph/graph.hpp"

namespace spillway::runtime {

/// A step on its way through the graph.
struct StepJob {
    StepInfo info;
    std::vector<SourceInput> sources;
};

/// Runs steps through the stages, in order. `submit` is called by one thread. After a failure the
/// rest is let through without being handled.
class Executor {
public:
    using Failed = std::function<void(const Failure&)>;
    virtual ~Executor() = default;

    /// `backlog`: more input is ready behind this step.
    virtual void submit(StepJob& job, bool backlog) = 0;
    /// Every submitted step has passed the graph.
    [[nodiscard]] virtual bool idle() = 0;
    /// Returns when that is so.
    virtual void drain() = 0;
};

/// On the calling thread, stage after stage: the fastest way for one core.
[[nodiscard]] std::unique_ptr<Executor> make_inline_executor(Graph& graph, Executor::Failed failed);
/// A oneTBB flow graph in an arena of its own with `threads` workers.
[[nodiscard]] std::unique_ptr<Executor> make_tbb_executor(Graph& graph, unsigned threads,
                                                          Executor::Failed failed);
/// Inline while nothing is in flight and no backlog lasts; else the flow graph, if the graph has
/// anything to run in parallel.
[[nodiscard]] std::unique_ptr<Executor> make_auto_executor(Graph& graph, unsigned threads,
                                                           Executor::Failed failed);

}  // namespace spillway::runtime
