#include "runtime/run/reload_plan.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "runtime/run/node_description.hpp"

namespace spillway::runtime {
namespace {

using Change = PlannedNode::Change;

std::size_t keys_of(const Checkpoint& checkpoint, std::string_view node) {
    const auto rows = checkpoint.rows_of(node);
    return static_cast<std::size_t>(std::count_if(
        rows.begin(), rows.end(),
        [](const Checkpoint::Row& row) { return !row.part.starts_with(engine_parts); }));
}

std::string state_text(const Checkpoint& checkpoint, const NodeSpec& node, std::string_view owner,
                       bool same) {
    if (node.category == Category::source) {
        if (!node.plugin->is(Trait::live)) return "goes on at its position";
        return same ? "stays connected, unless a secret has changed"
                    : "connects anew, which is told as a gap";
    }
    if (node.category == Category::sink) return "goes on behind the last epoch";
    const std::size_t keys = keys_of(checkpoint, owner);
    if (keys == 0) return "has no state";
    const std::string rows = fmt::format("{} state {}", keys, keys == 1 ? "row" : "rows");
    return owner == node.id ? rows + " restored"
                            : fmt::format("{} taken over from {}", rows, owner);
}

PlannedNode plan(const NodeSpec& node, const Checkpoint& checkpoint) {
    const bool renamed = !checkpoint.nodes().contains(node.id) && !node.run.was.empty() &&
                         checkpoint.nodes().contains(node.run.was);
    const std::string& owner = renamed ? node.run.was : node.id;
    const NodeDescription now = describe(node);
    NodeDescription then;
    if (checkpoint.find(owner, plugin_part) == nullptr) {
        return {node.id, Change::added, "begins with empty state"};
    }
    if (!checkpoint.read(owner, plugin_part, then).ok()) {
        return {node.id, Change::refused, "the checkpoint is damaged"};
    }
    if (then.type != now.type) {
        return {node.id, Change::refused,
                fmt::format("was a {} and would be a {}: give it another id", then.type, now.type)};
    }
    if (node.category == Category::source && then.places != now.places) {
        return {node.id, Change::refused,
                fmt::format("its position is one in {}: give it another id, or start over with "
                            "--fresh",
                            fmt::join(then.places, ", "))};
    }
    const bool same = then.settings == now.settings && !renamed;
    std::string state = state_text(checkpoint, node, owner, same);
    if (node.category == Category::sink && !same) state += "; another path needs another id";
    return {node.id, same ? Change::kept : Change::restarted, std::move(state)};
}

}  // namespace

std::vector<PlannedNode> plan_reload(const PipelineSpec& spec, const Checkpoint& checkpoint) {
    std::vector<PlannedNode> nodes;
    nodes.reserve(spec.nodes.size());
    for (const NodeSpec& node : spec.nodes) nodes.push_back(plan(node, checkpoint));
    for (const auto& [id, rows] : checkpoint.nodes()) {
        const bool taken = std::any_of(spec.nodes.begin(), spec.nodes.end(), [&](const auto& node) {
            return node.id == id || node.run.was == id;
        });
        if (taken || id.starts_with(engine_parts)) continue;
        const std::size_t keys = keys_of(checkpoint, id);
        nodes.push_back({id, Change::removed,
                         keys == 0 ? "has no state"
                                   : fmt::format("{} state {} stay until `spillway state prune`",
                                                 keys, keys == 1 ? "row" : "rows")});
    }
    return nodes;
}

}  // namespace spillway::runtime
