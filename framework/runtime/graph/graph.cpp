#include "runtime/graph/graph.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace spillway::runtime {
namespace {

std::size_t index_of(const PipelineSpec& spec, std::string_view id) {
    for (std::size_t i = 0; i < spec.nodes.size(); ++i) {
        if (spec.nodes[i].id == id) return i;
    }
    return spec.nodes.size();
}

std::uint32_t port_number(const NodeSpec& node, std::string_view port) {
    if (port.empty()) return 0;
    if (port == "errors") return NodeBody::errors_port;
    const auto& ports = node.plugin->ports;
    const auto found = std::find(ports.begin(), ports.end(), port);
    return static_cast<std::uint32_t>(found - ports.begin()) + 1;  // `late` is behind them
}

class Builder {
public:
    Builder(const PipelineSpec& spec, const std::vector<NodeInstances>& instances)
        : spec_(spec), instances_(instances), places_(spec.nodes.size()) {}

    Graph build() {
        count_readers();
        for (const NodeSpec& node : spec_.nodes) {
            graph_.nodes.push_back({&node, std::make_unique<NodeCounters>()});
        }
        for (std::size_t i = 0; i < spec_.nodes.size(); ++i) add(i);
        for (const auto& stage : graph_.stages) stage->prepare();
        return std::move(graph_);
    }

private:
    struct Place {
        std::size_t stage = 0;
        std::size_t in_chain = Stage::head;
    };

    void count_readers() {
        for (const NodeSpec& node : spec_.nodes) {
            for (const InputSpec& input : node.inputs) {
                if (input.port.empty()) ++readers_[input.from];
            }
        }
    }

    void add(std::size_t i) {
        const NodeSpec& node = spec_.nodes[i];
        if (node.category == Category::source) {
            add_source(i);
            return;
        }
        const bool fused = fuses_with_input(node);
        Stage& stage = fused ? *graph_.stages[places_[index_of(spec_, node.inputs[0].from)].stage]
                             : new_stage(i);
        FusedEdge edge;
        if (fused) {
            places_[i].stage = places_[index_of(spec_, node.inputs[0].from)].stage;
            edge = {node.inputs[0].kinds, new_edge(node.inputs[0], node)};
        } else {
            for (const InputSpec& input : node.inputs) stage.inputs.push_back(connect(input, node));
        }
        if (instances_[i].sink != nullptr) {
            stage.sink = instances_[i].sink;
            stage.sink_edge = edge;
            return;
        }
        places_[i].in_chain = stage.chain.size();
        stage.chain_edges.push_back(edge);
        stage.chain.push_back(std::make_unique<NodeBody>(body_of(i)));
    }

    void add_source(std::size_t i) {
        const NodeSpec& node = spec_.nodes[i];
        Stage& stage = new_stage(i);
        Head::Setup setup;
        setup.id = node.id;
        setup.out_of_order = node.run.out_of_order;
        setup.idle_after = node.run.idle_after;
        setup.on_error = node.run.on_error;
        setup.rank = static_cast<std::uint32_t>(i);
        setup.counters = graph_.nodes[i].counters.get();
        setup.guest = node.guest;
        if (node.plugin->is(Trait::live)) {
            graph_.nodes[i].lag = std::make_unique<Histogram>();
            setup.lag = graph_.nodes[i].lag.get();
        }
        if (Node* decoder = instances_[i].decoder; decoder != nullptr) {
            NodeBody::Setup body;
            body.id = node.id;
            body.instances = {decoder};
            body.consumes = KindSet::all();
            body.decodes = true;
            body.poisoned = instances_[i].poisoned;
            // The head keeps the books of a source; its decoder has no counters of its own.
            setup.decoder = std::make_unique<NodeBody>(std::move(body));
        }
        stage.source = std::make_unique<Head>(std::move(setup));
        stage.source_index = graph_.source_stages.size();
        graph_.source_stages.push_back(places_[i].stage);
    }

    Stage& new_stage(std::size_t i) {
        places_[i].stage = graph_.stages.size();
        Stage& stage = *graph_.stages.emplace_back(std::make_unique<Stage>());
        stage.number = places_[i].stage;
        return stage;
    }

    /// A node joins its producer's stage when it is the only reader and reads nothing else.
    [[nodiscard]] bool fuses_with_input(const NodeSpec& node) const {
        if (node.inputs.size() != 1 || !node.inputs[0].port.empty()) return false;
        if (node.inputs[0].latest || node.inputs[0].broadcast) return false;
        if (readers_.at(node.inputs[0].from) != 1) return false;
        // An input narrowed below what the node consumes needs an edge of its own.
        const NodeSpec& from = *spec_.find(node.inputs[0].from);
        return node.inputs[0].kinds == (from.emits & node.plugin->consumes);
    }

    [[nodiscard]] NodeBody::Setup body_of(std::size_t i) const {
        const NodeSpec& node = spec_.nodes[i];
        NodeBody::Setup setup;
        setup.id = node.id;
        setup.instances = instances_[i].nodes;
        setup.consumes = node.plugin->consumes;
        setup.in_place = node.plugin->is(Trait::in_place);
        setup.mutates = node.plugin->is(Trait::mutates);
        setup.ports = 1 + static_cast<std::uint32_t>(node.plugin->ports.size()) +
                      (node.plugin->is(Trait::late_output) ? 1 : 0);
        setup.counters = graph_.nodes[i].counters.get();
        setup.poisoned = instances_[i].poisoned;
        return setup;
    }

    StageInput connect(const InputSpec& input, const NodeSpec& to) {
        const std::size_t from = index_of(spec_, input.from);
        const Place place = places_[from];
        Stage& producer = *graph_.stages[place.stage];
        const std::uint32_t port = port_number(spec_.nodes[from], input.port);
        std::size_t output = 0;
        for (; output < producer.outputs.size(); ++output) {
            const Stage::Output& known = producer.outputs[output];
            if (known.node == place.in_chain && known.port == port) break;
        }
        if (output == producer.outputs.size()) producer.outputs.push_back({place.in_chain, port});
        return {place.stage,  output,          input.kinds, new_edge(input, to),
                input.latest, input.broadcast, input.guest};
    }

    EdgeCounters* new_edge(const InputSpec& input, const NodeSpec& to) {
        graph_.edges.push_back({input.from, input.port, to.id, std::make_unique<EdgeCounters>()});
        return graph_.edges.back().counters.get();
    }

    const PipelineSpec& spec_;
    const std::vector<NodeInstances>& instances_;
    Graph graph_;
    std::vector<Place> places_;
    std::map<std::string, int, std::less<>> readers_;
};

}  // namespace

bool Graph::parallel() const noexcept {
    if (stages.size() > 2) return true;
    for (const auto& stage : stages) {
        for (const auto& node : stage->chain) {
            if (node->instances().size() > 1) return true;
        }
    }
    return false;
}

Status Graph::restore(const Checkpoint& from, std::string& failed_node) {
    for (const auto& stage : stages) {
        if (Status status = stage->restore(from, failed_node); !status.ok()) return status;
    }
    return {};
}

Graph build_graph(const PipelineSpec& spec, const std::vector<NodeInstances>& instances) {
    return Builder(spec, instances).build();
}

std::vector<bool> nodes_that_need_ids(const PipelineSpec& spec) {
    std::vector<bool> needed(spec.nodes.size(), false);
    for (std::size_t i = spec.nodes.size(); i-- > 0;) {
        const NodeSpec& node = spec.nodes[i];
        const bool looks = node.plugin->is(Trait::needs_ids);
        const bool passes_on = node.plugin->is(Trait::in_place) && needed[i];
        if (!looks && !passes_on) continue;
        for (const InputSpec& input : node.inputs) {
            if (input.port != "errors") needed[index_of(spec, input.from)] = true;
        }
    }
    return needed;
}

}  // namespace spillway::runtime
