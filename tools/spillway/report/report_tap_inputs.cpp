#include <algorithm>
#include <array>

#include "report/report_tap.hpp"

namespace spillway::report {
namespace {

using runtime::InputSpec;
using runtime::NodeSpec;
using runtime::PipelineSpec;

constexpr std::array market_data = {Kind::price,
                                    Kind::bar,
                                    Kind::funding_rate,
                                    Kind::open_interest,
                                    Kind::liquidation,
                                    Kind::liquidation_sum,
                                    Kind::long_short_ratio,
                                    Kind::stablecoin_flow,
                                    Kind::source_status};

bool makes(const NodeSpec& node, Kind kind) {
    return node.plugin != nullptr && node.plugin->emits.has(kind) &&
           !node.plugin->is(Trait::any_kind) && !node.plugin->is(Trait::in_place);
}

/// What a node finds out, as opposed to what it passes on.
KindSet findings(const NodeSpec& node) {
    KindSet kinds;
    if (node.category == Category::scorer) kinds.add(Kind::score);
    if (node.category != Category::transform) return kinds;
    for (const Kind kind : {Kind::cascade, Kind::alert}) {
        if (makes(node, kind)) kinds.add(kind);
    }
    return kinds;
}

/// Those that assess: scorers first, `liquidation_risk` first of all.
std::vector<const NodeSpec*> assessors(const PipelineSpec& spec) {
    std::vector<const NodeSpec*> nodes;
    for (const NodeSpec& node : spec.nodes) {
        if (!findings(node).empty()) nodes.push_back(&node);
    }
    const auto rank = [](const NodeSpec* node) {
        if (node->category != Category::scorer) return 2;
        return node->plugin != nullptr && node->plugin->name == "liquidation_risk" ? 0 : 1;
    };
    std::stable_sort(nodes.begin(), nodes.end(),
                     [&](const NodeSpec* a, const NodeSpec* b) { return rank(a) < rank(b); });
    return nodes;
}

void listen(std::vector<InputSpec>& inputs, const InputSpec& wanted) {
    const auto same = std::find_if(inputs.begin(), inputs.end(), [&](const InputSpec& input) {
        return input.from == wanted.from && input.port == wanted.port;
    });
    if (same == inputs.end()) {
        inputs.push_back(wanted);
    } else {
        same->kinds = same->kinds | wanted.kinds;
    }
}

InputSpec only(const std::string& from, const std::string& port, KindSet kinds) {
    InputSpec input;
    input.from = from;
    input.port = port;
    input.kinds = kinds;
    return input;
}

/// Takes data of one kind where the first assessor that uses it takes it. If none does, from
/// whatever the first assessor listens to: the report says that it was there.
void listen_to_data(std::vector<InputSpec>& inputs, const PipelineSpec& spec,
                    const std::vector<const NodeSpec*>& nodes, Kind kind) {
    for (const NodeSpec* const node : nodes) {
        bool found = false;
        for (const InputSpec& input : node->inputs) {
            if (!input.kinds.has(kind)) continue;
            listen(inputs, only(input.from, input.port, {kind}));
            found = true;
        }
        if (found) return;
    }
    for (const InputSpec& input : nodes.front()->inputs) {
        const NodeSpec* const from = spec.find(input.from);
        if (from == nullptr || !input.port.empty() || !from->emits.has(kind)) continue;
        listen(inputs, only(input.from, input.port, {kind}));
    }
}

}  // namespace

std::vector<InputSpec> report_inputs(const PipelineSpec& spec) {
    std::vector<InputSpec> inputs;
    const std::vector<const NodeSpec*> nodes = assessors(spec);
    if (nodes.empty()) return inputs;
    for (const Kind kind : market_data) listen_to_data(inputs, spec, nodes, kind);
    for (const NodeSpec* const node : nodes) listen(inputs, only(node->id, "", findings(*node)));
    return inputs;
}

}  // namespace spillway::report
