#include "runtime/spec/json_schema.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>

#include "runtime/spec/engine_options.hpp"
#include "runtime/spec/option_schema.hpp"
#include "runtime/spec/schema_writer.hpp"
#include "runtime/spec/test_schema.hpp"

namespace spillway::runtime {
namespace {

std::vector<const PluginDescription*> sorted_plugins(const Catalogue& catalogue,
                                                     Category category) {
    std::vector<const PluginDescription*> plugins;
    for (const PluginDescription& plugin : catalogue.plugins()) {
        if (plugin.category == category) plugins.push_back(&plugin);
    }
    std::sort(plugins.begin(), plugins.end(),
              [](const auto* a, const auto* b) { return a->name < b->name; });
    return plugins;
}

std::string definition_name(const PluginDescription& plugin) {
    return fmt::format("{}_{}", category_names[static_cast<std::size_t>(plugin.category)],
                       plugin.name);
}

/// The option `venue` of a source of frames offers the decoders that exist.
OptionDescription with_venues(OptionDescription option, const Catalogue& catalogue) {
    option.type = OptionType::choice;
    for (const PluginDescription* venue : sorted_plugins(catalogue, Category::venue)) {
        option.choices.push_back(venue->name);
    }
    return option;
}

void write_plugin(SchemaWriter& out, const PluginDescription& plugin, const Catalogue& catalogue) {
    const bool frames = plugin.is(Trait::frames);
    std::vector<std::string_view> required = {"type"};
    if (plugin.category != Category::source) required.emplace_back("inputs");
    for (const OptionDescription& option : plugin.options) {
        if (!option.fallback) required.push_back(option.name);
    }
    out.object(definition_name(plugin), [&] {
        out.text("description", plugin.summary);
        out.text("type", "object");
        // A decoder's options stand beside those of its source.
        out.flag("additionalProperties", frames);
        out.texts("required", required);
        out.object("properties", [&] {
            out.object("type", [&] {
                out.text("description", plugin.summary);
                out.texts("enum", std::vector{plugin.name});
            });
            if (plugin.category != Category::source) {
                out.object("inputs", [&] { out.text("$ref", "#/definitions/inputs"); });
            }
            out.object("run", [&] {
                out.text("description", "Options of the engine.");
                write_options(out, run_options(plugin.category));
            });
            for (const OptionDescription& option : plugin.options) {
                const bool venue = frames && option.name == "venue";
                write_option(out, venue ? with_venues(option, catalogue) : option);
            }
        });
    });
}

void write_node_map(SchemaWriter& out, const NodeMap& map, const Catalogue& catalogue) {
    out.object(map.key, [&] {
        out.text("description", fmt::format("The {} by id.", map.key));
        out.text("type", "object");
        // Means `false`, with which RapidJSON 1.1 writes past its memory beside patternProperties.
        out.object("additionalProperties", [&] { out.object("not", [] {}); });
        const auto plugins = sorted_plugins(catalogue, map.category);
        if (plugins.empty()) return;  // an empty anyOf is no schema
        out.object("patternProperties", [&] {
            out.object(id_pattern, [&] {
                out.list("anyOf", [&] {
                    for (const auto* plugin : plugins) out.refer(definition_name(*plugin));
                });
            });
        });
    });
}

void write_input_definitions(SchemaWriter& out) {
    out.object("input", [&] {
        out.text("type", "object");
        out.flag("additionalProperties", false);
        out.texts("required", std::vector{"from"});
        out.object("properties", [&] {
            out.object("from", [&] {
                out.text("description", "Id of a node, or id.output: late, errors, a port.");
                out.text("type", "string");
            });
            out.object("kinds", [&] {
                out.text("description", "Take only these kinds of events.");
                out.list("anyOf", [&] {
                    out.object([&] {
                        out.text("type", "array");
                        out.object("items", [&] { out.texts("enum", kind_names); });
                    });
                    out.object([&] { out.text("type", "string"); });
                });
            });
            out.object("as", [&] {
                out.text("description",
                         "latest: of each stream only the newest event of an instant, and no say "
                         "in the watermark.");
                out.texts("enum", std::vector{"ordered", "latest"});
            });
            out.object("broadcast", [&] {
                out.text("description", "Events reach every key of the node.");
                out.text("type", "boolean");
            });
        });
    });
    out.object("inputs", [&] {
        out.text("description", "The nodes to read from.");
        out.list("anyOf", [&] {
            out.object([&] { out.text("type", "string"); });
            out.refer("input");
            out.object([&] {
                out.text("type", "array");
                out.object("items", [&] {
                    out.list("anyOf", [&] {
                        out.object([&] { out.text("type", "string"); });
                        out.refer("input");
                    });
                });
            });
        });
    });
}

void write_definitions(SchemaWriter& out, const Catalogue& catalogue) {
    write_value_definitions(out);
    write_input_definitions(out);
    write_test_definitions(out);
    for (const NodeMap& map : node_maps) {
        for (const PluginDescription* plugin : sorted_plugins(catalogue, map.category)) {
            write_plugin(out, *plugin, catalogue);
        }
    }
}

}  // namespace

std::string json_schema(const Catalogue& catalogue) {
    rapidjson::StringBuffer buffer;
    SchemaWriter::Json json(buffer);
    json.SetIndent(' ', 2);
    SchemaWriter out(json);
    out.object([&] {
        out.text("$schema", "http://json-schema.org/draft-04/schema#");
        out.text("title", "Spillway pipeline");
        out.text("type", "object");
        out.flag("additionalProperties", false);
        // A pipeline, with or without tests; or tests of a pipeline elsewhere.
        out.list("anyOf", [&] {
            out.object([&] { out.texts("required", std::vector{"sources", "sinks"}); });
            out.object([&] { out.texts("required", test_file_keys); });
        });
        out.object("properties", [&] {
            for (const OptionDescription& option : pipeline_options()) write_option(out, option);
            for (const NodeMap& map : node_maps) write_node_map(out, map, catalogue);
            out.object("checkpoint", [&] { write_options(out, checkpoint_options()); });
            out.object("dead_letters", [&] { write_options(out, dead_letter_options()); });
            write_test_properties(out);
        });
        out.object("definitions", [&] { write_definitions(out, catalogue); });
    });
    return buffer.GetString() + std::string("\n");
}

}  // namespace spillway::runtime
