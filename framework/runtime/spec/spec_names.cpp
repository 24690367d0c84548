#include "runtime/spec/spec_names.hpp"

#include <fmt/format.h>

#include "runtime/spec/engine_options.hpp"

namespace spillway::runtime {

std::vector<std::string_view> kind_list(KindSet kinds) {
    std::vector<std::string_view> names;
    for (std::size_t k = 0; k < kind_names.size(); ++k) {
        if (kinds.has(static_cast<Kind>(k))) names.push_back(kind_names[k]);
    }
    return names;
}

std::vector<std::string_view> output_ports(const PluginDescription& plugin) {
    std::vector<std::string_view> ports(plugin.ports.begin(), plugin.ports.end());
    if (plugin.is(Trait::late_output)) ports.emplace_back("late");
    ports.emplace_back("errors");
    return ports;
}

std::string output_name(const InputSpec& input) {
    return input.port.empty() ? input.from : fmt::format("{}.{}", input.from, input.port);
}

std::string path_of(const NodeSpec& node) {
    for (const NodeMap& map : node_maps) {
        if (map.category == node.category) return fmt::format("{}.{}", map.key, node.id);
    }
    return node.id;
}

}  // namespace spillway::runtime
