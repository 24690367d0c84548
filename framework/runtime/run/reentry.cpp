#include "runtime/run/reentry.hpp"

#include <algorithm>

namespace spillway::runtime {
namespace {

class NoInput final : public Source {
public:
    Status configure(std::span<const OptionValue>) noexcept override { return {}; }
    Status open(const SourceSetup&) noexcept override { return {}; }
    Result<ReadState> read(SourceOutput&, std::uint32_t) noexcept override {
        return ReadState::end;
    }
    void position(StateWriter&) noexcept override {}
    Status seek(std::span<const std::byte>) noexcept override { return {}; }
};

/// It offers what the node gets anyway: what a node makes of its inputs does not change.
InputSpec guest_of(const NodeSpec& node, const std::string& inlet) {
    InputSpec input;
    input.from = inlet;
    input.guest = true;
    input.where = node.where;
    for (const InputSpec& other : node.inputs) input.kinds = input.kinds | other.kinds;
    return input;
}

}  // namespace

const PluginDescription& inlet_description() {
    static const PluginDescription description = [] {
        PluginDescription inlet;
        inlet.name = "inlet";
        inlet.category = Category::source;
        inlet.summary = "Events that enter once more";
        inlet.emits = KindSet::all();
        return inlet;
    }();
    return description;
}

void add_inlets(PipelineSpec& spec, const Reentry& reentry) {
    for (const Reentry::Inlet& inlet : reentry.inlets) {
        for (NodeSpec& node : spec.nodes) {
            if (std::find(inlet.to.begin(), inlet.to.end(), node.id) == inlet.to.end()) continue;
            node.inputs.push_back(guest_of(node, inlet.id));
        }
        NodeSpec node;
        node.id = inlet.id;
        node.category = Category::source;
        node.plugin = &inlet_description();
        node.emits = KindSet::all();
        node.guest = true;
        spec.nodes.insert(spec.nodes.begin(), std::move(node));
    }
}

Source* source_of(const NodeSpec& node, const Reentry& reentry) {
    static NoInput nothing;
    for (const Reentry::Inlet& inlet : reentry.inlets) {
        if (inlet.id == node.id) return inlet.source;
    }
    const auto found = reentry.sources.find(node.id);
    return found != reentry.sources.end() ? found->second : &nothing;
}

}  // namespace spillway::runtime
