#include "runtime/run/holdings.hpp"

#include <algorithm>

#include "runtime/graph/graph.hpp"
#include "runtime/run/node_description.hpp"

namespace spillway::runtime {

bool goes_on_in(const PipelineSpec& next, const NodeSpec& node, bool has_ids) {
    if (!node.plugin->is(Trait::live)) return false;
    const auto then = std::find_if(next.nodes.begin(), next.nodes.end(),
                                   [&](const NodeSpec& one) { return one.id == node.id; });
    if (then == next.nodes.end() || !is_configured_alike(node, *then)) return false;
    const auto place = static_cast<std::size_t>(then - next.nodes.begin());
    return has_ids || !nodes_that_need_ids(next)[place];
}

bool Holdings::all_go_on_in(const PipelineSpec& next) const {
    return std::all_of(sources.begin(), sources.end(), [&](const OpenSource& source) {
        return goes_on_in(next, source.node, source.has_ids);
    });
}

}  // namespace spillway::runtime
