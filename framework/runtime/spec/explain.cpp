#include "runtime/spec/explain.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include "runtime/spec/option_value.hpp"
#include "runtime/spec/spec_names.hpp"
#include "runtime/spec/suggestions.hpp"

namespace spillway::runtime {
namespace {

constexpr std::array<std::string_view, 5> origin_names = {"default", "file", "environment",
                                                          "secret", "override"};

/// Where a value came from: "default", "demo.yaml:12:5", "${PORT} at demo.yaml:12:5", "--set".
std::string origin_text(const OptionSetting& setting) {
    const Location& where = setting.where;
    std::string place =
        where.line > 0 ? fmt::format("{}:{}:{}", where.file, where.line, where.column) : where.file;
    switch (setting.origin) {
        case Origin::fallback:
            return "default";
        case Origin::file:
            return setting.origin_detail.empty()
                       ? place
                       : fmt::format("{} at {}", setting.origin_detail, place);
        case Origin::environment:
            return fmt::format("environment {} at {}", setting.origin_detail, place);
        case Origin::secret:
            return fmt::format("file {} at {}", setting.origin_detail, place);
        case Origin::override:
            return place;
    }
    return place;
}

/// All settings of a node, its plugin's first.
std::vector<const OptionSetting*> settings_of(const NodeSpec& node) {
    std::vector<const OptionSetting*> settings;
    for (const auto* group : {&node.options, &node.venue_options, &node.run_settings}) {
        for (const OptionSetting& setting : *group) settings.push_back(&setting);
    }
    return settings;
}

std::string line_of(const OptionSetting& setting, std::size_t width, std::string_view owner) {
    std::string_view name = setting.path;
    if (!owner.empty() && name.starts_with(owner)) name.remove_prefix(owner.size() + 1);
    const std::string_view unit =
        setting.description->unit.empty() ? std::string_view() : setting.description->unit;
    return fmt::format("  {:<{}} = {}{}{}    # {}\n", name, width, shown(setting),
                       unit.empty() ? "" : " ", unit, origin_text(setting));
}

std::string node_text(const NodeSpec& node) {
    const std::string owner = path_of(node);
    std::string text = fmt::format("\n{}: {} {}", owner, node.plugin->name, node.plugin->version);
    if (node.venue != nullptr) text += fmt::format(" ({})", node.venue->name);
    text += '\n';
    for (const InputSpec& input : node.inputs) {
        text +=
            fmt::format("  <- {}: {}{}{}\n", output_name(input), comma_list(kind_list(input.kinds)),
                        input.latest ? " (latest)" : "", input.broadcast ? " (broadcast)" : "");
    }
    if (!node.emits.empty()) text += fmt::format("  -> {}\n", comma_list(kind_list(node.emits)));
    std::size_t width = 0;
    for (const OptionSetting* setting : settings_of(node)) {
        width = std::max(width,
                         setting->path.size() - std::min(setting->path.size(), owner.size() + 1));
    }
    for (const OptionSetting* setting : settings_of(node)) text += line_of(*setting, width, owner);
    return text;
}

using Json = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

void put(Json& json, std::string_view text) {
    json.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}
void put(Json& json, const char* key, std::string_view text) {
    json.Key(key);
    put(json, text);
}
void put(Json& json, const char* key, const std::vector<std::string_view>& texts) {
    json.Key(key);
    json.StartArray();
    for (const std::string_view text : texts) put(json, text);
    json.EndArray();
}

void put(Json& json, const OptionSetting& setting) {
    json.StartObject();
    put(json, "path", setting.path);
    put(json, "value", shown(setting));
    put(json, "origin", origin_names[static_cast<std::size_t>(setting.origin)]);
    put(json, "from", origin_text(setting));
    json.EndObject();
}

void put(Json& json, const NodeSpec& node) {
    json.StartObject();
    put(json, "id", node.id);
    put(json, "category", category_names[static_cast<std::size_t>(node.category)]);
    put(json, "type", node.plugin->name);
    if (node.venue != nullptr) put(json, "venue", node.venue->name);
    json.Key("inputs");
    json.StartArray();
    for (const InputSpec& input : node.inputs) {
        json.StartObject();
        put(json, "from", output_name(input));
        put(json, "kinds", kind_list(input.kinds));
        json.Key("latest");
        json.Bool(input.latest);
        json.Key("broadcast");
        json.Bool(input.broadcast);
        json.EndObject();
    }
    json.EndArray();
    put(json, "emits", kind_list(node.emits));
    json.Key("settings");
    json.StartArray();
    for (const OptionSetting* setting : settings_of(node)) put(json, *setting);
    json.EndArray();
    json.EndObject();
}

}  // namespace

std::string explain_text(const PipelineSpec& pipeline) {
    std::string text = fmt::format("pipeline {} ({})\n", pipeline.name, pipeline.file.string());
    std::size_t width = 0;
    for (const OptionSetting& setting : pipeline.settings) {
        width = std::max(width, setting.path.size());
    }
    for (const OptionSetting& setting : pipeline.settings) text += line_of(setting, width, "");
    for (const NodeSpec& node : pipeline.nodes) text += node_text(node);
    return text;
}

std::string explain_json(const PipelineSpec& pipeline) {
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    json.SetIndent(' ', 2);
    json.StartObject();
    put(json, "name", pipeline.name);
    put(json, "file", pipeline.file.string());
    json.Key("settings");
    json.StartArray();
    for (const OptionSetting& setting : pipeline.settings) put(json, setting);
    json.EndArray();
    json.Key("nodes");
    json.StartArray();
    for (const NodeSpec& node : pipeline.nodes) put(json, node);
    json.EndArray();
    json.EndObject();
    return buffer.GetString();
}

}  // namespace spillway::runtime
