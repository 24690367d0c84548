#include "fragment.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <spillway/order.hpp>

#include "pipeline.hpp"

namespace spillway::bench {

using runtime::NodeInstances;
using runtime::NodeSpec;

namespace {

constexpr std::uint32_t batch_size = 256;

void drop_sinks(runtime::PipelineSpec& spec) {
    std::erase_if(spec.nodes, [](const NodeSpec& node) { return node.category == Category::sink; });
}

/// A node is fused with its producer only if it takes all that it could: this one offers more.
void forbid_fusing(runtime::PipelineSpec& spec) {
    for (NodeSpec& node : spec.nodes) node.emits = KindSet::all();
}

}  // namespace

Fragment::~Fragment() {
    if (executor_) executor_->drain();
}

tl::expected<std::unique_ptr<Fragment>, std::string> Fragment::make(std::string_view yaml, Cut cut,
                                                                    On on) {
    auto spec = load_text(yaml);
    if (!spec) return tl::make_unexpected(spec.error());
    drop_sinks(*spec);
    if (cut == Cut::every_node) forbid_fusing(*spec);
    std::unique_ptr<Fragment> fragment(new Fragment(std::move(*spec)));
    if (std::string why = fragment->start(on); !why.empty()) return tl::make_unexpected(why);
    return fragment;
}

std::string Fragment::start(On on) {
    auto assembled = runtime::assemble(spec_, {});
    if (!assembled) return to_text(assembled.error());
    assembled_ = std::move(*assembled);
    std::vector<NodeInstances> instances(spec_.nodes.size());
    for (std::size_t i = 0; i < instances.size(); ++i) {
        Node* const node = assembled_.entries[i].plugins.front()->node();
        if (node == nullptr) continue;
        NodeSetup setup;
        setup.pipeline = spec_.name;
        setup.id = spec_.nodes[i].id;
        setup.rank = static_cast<std::uint32_t>(i);
        for (const auto& input : spec_.nodes[i].inputs) {
            setup.arriving = setup.arriving | input.kinds;
        }
        if (const Status status = node->start(setup); !status.ok()) {
            return fmt::format("{}: {}", setup.id, std::string(status.message()));
        }
        instances[i].nodes = {node};
    }
    graph_ = runtime::build_graph(spec_, instances);
    const auto failed = [this](const runtime::Failure& failure) {
        error_ = fmt::format("{}: {}", failure.node, std::string(failure.status.message()));
    };
    executor_ = on == On::flow_graph ? runtime::make_tbb_executor(graph_, 1, failed)
                                     : runtime::make_inline_executor(graph_, failed);
    return {};
}

tl::expected<std::vector<BatchRef>, std::string> Fragment::read(std::uint64_t limit) {
    const auto entry = std::find_if(assembled_.entries.begin(), assembled_.entries.end(),
                                    [](const auto& one) { return one.source != nullptr; });
    Source& source = *entry->source;
    const NodeSpec& node =
        spec_.nodes[static_cast<std::size_t>(entry - assembled_.entries.begin())];
    if (const Status status = source.open({spec_.name, node.id, true}); !status.ok()) {
        return tl::make_unexpected(std::string(status.message()));
    }
    std::vector<BatchRef> batches;
    std::uint64_t sequence = 0;
    for (ReadState state = ReadState::more; state == ReadState::more && sequence < limit;) {
        SourceOutput out;
        out.events = BatchRef::create();
        out.letters = BatchRef::create();
        const auto read = source.read(out, batch_size);
        if (!read) return tl::make_unexpected(std::string(read.error().message()));
        state = *read;
        for (const Event& event : out.events->events()) {
            if (batches.empty() || batches.back()->size() == batch_size) {
                batches.push_back(BatchRef::create());
            }
            Event& copy = batches.back()->append_copy(event, *out.events);
            copy.sequence = caused_by_record(++sequence);
        }
    }
    return batches;
}

void Fragment::run(const std::vector<BatchRef>& batches, bool copies) {
    runtime::StepJob job;
    job.sources.resize(1);
    for (const BatchRef& batch : batches) {
        runtime::SourceInput& input = job.sources.front();
        input.events = batch;
        if (copies) {
            input.events = BatchRef::create();
            for (const Event& event : batch->events()) input.events->append_copy(event, *batch);
        }
        const Event& last = (*batch)[batch->size() - 1];
        input.last = {last.receive_time, last.sequence};
        job.info.number = ++steps_;
        job.info.horizon = last.receive_time + 1;
        Ticket* const ticket = copies ? budget_.take(batch->size()) : nullptr;
        job.info.ticket = ticket;
        executor_->submit(job, true);
        for (runtime::SourceInput& used : job.sources) used.clear();
        job.sources.resize(1);
        if (ticket != nullptr) ticket->release();
    }
    executor_->drain();
}

std::uint64_t Fragment::entered(std::string_view id) const {
    for (const runtime::GraphNode& node : graph_.nodes) {
        if (node.spec->id == id) return node.counters->in.get();
    }
    return 0;
}

}  // namespace spillway::bench
