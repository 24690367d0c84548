#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include <spillway/batch.hpp>

#include "runtime/graph/executor.hpp"
#include "runtime/ingress/budget.hpp"
#include "runtime/run/assembly.hpp"
#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::bench {

/// The transforms and scorers of a pipeline with one source, without its sinks: the engine's own
/// graph and the plugins' own libraries, given batches by hand. Used by one thread.
class Fragment {
public:
    enum class Cut {
        fused,      ///< chains are one graph node, as in a run
        every_node  ///< every transform is a graph node of its own
    };
    enum class On { inline_executor, flow_graph };

    [[nodiscard]] static tl::expected<std::unique_ptr<Fragment>, std::string> make(
        std::string_view yaml, Cut cut = Cut::fused, On on = On::inline_executor);
    ~Fragment();
    Fragment(const Fragment&) = delete;
    Fragment& operator=(const Fragment&) = delete;

    /// Everything that the pipeline's source gives (at most `limit` events), in batches of 256,
    /// with order keys set.
    [[nodiscard]] tl::expected<std::vector<BatchRef>, std::string> read(std::uint64_t limit);
    /// One step per batch. Batches are copied if `copies`, else the graph gets them as they are
    /// and nothing in it may write to them or run beside it.
    void run(const std::vector<BatchRef>& batches, bool copies);

    /// Events that reached the node so far.
    [[nodiscard]] std::uint64_t entered(std::string_view id) const;
    [[nodiscard]] const std::string& error() const noexcept { return error_; }

private:
    explicit Fragment(runtime::PipelineSpec spec) : spec_(std::move(spec)) {}
    [[nodiscard]] std::string start(On on);

    runtime::PipelineSpec spec_;
    runtime::Assembled assembled_;
    runtime::Graph graph_;
    runtime::Budget budget_{runtime::Budget::Limits{}};
    std::unique_ptr<runtime::Executor> executor_;
    std::uint64_t steps_ = 0;
    std::string error_;
};

}  // namespace spillway::bench
