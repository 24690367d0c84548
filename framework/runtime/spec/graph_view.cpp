#include "runtime/spec/graph_view.hpp"

#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include "runtime/spec/spec_names.hpp"
#include "runtime/spec/suggestions.hpp"

namespace spillway::runtime {
namespace {

/// More kinds than this make a label that nobody reads.
constexpr std::size_t label_kinds = 3;

std::string edge_label(const InputSpec& input) {
    const auto kinds = kind_list(input.kinds);
    std::string label =
        kinds.size() <= label_kinds ? comma_list(kinds) : fmt::format("{} kinds", kinds.size());
    if (!input.port.empty()) label = fmt::format("{}: {}", input.port, label);
    if (input.latest) label += ", latest";
    if (input.broadcast) label += ", to every key";
    return label;
}

std::string_view mermaid_shape(Category category) {
    switch (category) {
        case Category::source:
            return "([\"{}\"])";
        case Category::scorer:
            return "{{{{\"{}\"}}}}";
        case Category::sink:
            return "[(\"{}\")]";
        case Category::transform:
        case Category::venue:
            break;
    }
    return "[\"{}\"]";
}

std::string_view dot_shape(Category category) {
    switch (category) {
        case Category::source:
            return "ellipse";
        case Category::scorer:
            return "hexagon";
        case Category::sink:
            return "cylinder";
        case Category::transform:
        case Category::venue:
            break;
    }
    return "box";
}

std::string type_text(const NodeSpec& node) {
    return node.venue != nullptr ? fmt::format("{} {}", node.plugin->name, node.venue->name)
                                 : node.plugin->name;
}

using Json = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

void put(Json& json, const char* key, std::string_view text) {
    json.Key(key);
    json.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}
void put(Json& json, const char* key, KindSet kinds) {
    json.Key(key);
    json.StartArray();
    for (const std::string_view kind : kind_list(kinds)) {
        json.String(kind.data(), static_cast<rapidjson::SizeType>(kind.size()));
    }
    json.EndArray();
}

void put_edge(Json& json, const NodeSpec& node, const InputSpec& input) {
    json.StartObject();
    put(json, "from", input.from);
    put(json, "port", input.port);
    put(json, "to", node.id);
    put(json, "kinds", input.kinds);
    json.Key("latest");
    json.Bool(input.latest);
    json.Key("broadcast");
    json.Bool(input.broadcast);
    json.EndObject();
}

}  // namespace

std::string graph_mermaid(const PipelineSpec& pipeline) {
    // The prefix keeps ids such as `end` apart from Mermaid's own words.
    std::string text = "flowchart LR\n";
    for (const NodeSpec& node : pipeline.nodes) {
        const std::string label = fmt::format("{}<br/>{}", node.id, type_text(node));
        text += fmt::format("    n_{}{}\n", node.id,
                            fmt::format(fmt::runtime(mermaid_shape(node.category)), label));
    }
    for (const NodeSpec& node : pipeline.nodes) {
        for (const InputSpec& input : node.inputs) {
            text +=
                fmt::format("    n_{} -->|\"{}\"| n_{}\n", input.from, edge_label(input), node.id);
        }
    }
    return text;
}

std::string graph_dot(const PipelineSpec& pipeline) {
    std::string text = fmt::format("digraph \"{}\" {{\n    rankdir=LR;\n", pipeline.name);
    for (const NodeSpec& node : pipeline.nodes) {
        text += fmt::format("    \"{}\" [shape={}, label=\"{}\\n{}\"];\n", node.id,
                            dot_shape(node.category), node.id, type_text(node));
    }
    for (const NodeSpec& node : pipeline.nodes) {
        for (const InputSpec& input : node.inputs) {
            text += fmt::format("    \"{}\" -> \"{}\" [label=\"{}\"];\n", input.from, node.id,
                                edge_label(input));
        }
    }
    return text + "}\n";
}

std::string graph_json(const PipelineSpec& pipeline) {
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    json.SetIndent(' ', 2);
    json.StartObject();
    put(json, "name", pipeline.name);
    json.Key("nodes");
    json.StartArray();
    for (const NodeSpec& node : pipeline.nodes) {
        json.StartObject();
        put(json, "id", node.id);
        put(json, "category", category_names[static_cast<std::size_t>(node.category)]);
        put(json, "type", type_text(node));
        put(json, "emits", node.emits);
        json.EndObject();
    }
    json.EndArray();
    json.Key("edges");
    json.StartArray();
    for (const NodeSpec& node : pipeline.nodes) {
        for (const InputSpec& input : node.inputs) put_edge(json, node, input);
    }
    json.EndArray();
    json.EndObject();
    return buffer.GetString();
}

}  // namespace spillway::runtime
