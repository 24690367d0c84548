#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "runtime/spec/engine_options.hpp"
#include "runtime/spec/node_draft.hpp"
#include "runtime/spec/suggestions.hpp"

namespace spillway::runtime {
namespace {

/// "id" or "id.port".
void set_from(InputDraft& input, std::string_view text) {
    const std::size_t dot = std::min(text.find('.'), text.size());
    input.spec.from = text.substr(0, dot);
    input.spec.port = text.substr(std::min(dot + 1, text.size()));
}

void read_kinds(const YamlEntry& entry, InputDraft& input, const ValueReader& reader) {
    bool unknown = false;
    for (const auto& [name, where, path] : reader.texts(entry, input.path + ".kinds", "a kind")) {
        const auto* const found = std::find(kind_names.begin(), kind_names.end(), name);
        if (found == kind_names.end()) {
            reader.findings().error(where, path, fmt::format("{} is no kind", in_quotes(name)),
                                    suggest(name, kind_names));
            unknown = true;
        } else {
            input.only.emplace_back(static_cast<Kind>(found - kind_names.begin()), where);
        }
    }
    if (input.only.empty()) input.flawed = true;
    if (input.only.empty() && !unknown) {
        reader.findings().error(entry.place(), input.path + ".kinds", "the list of kinds is empty",
                                "remove 'kinds' to take all that fit");
    }
}

/// The long form, `{from: id, kinds: [score], as: ordered, broadcast: true}`.
InputDraft read_long_form(const YamlNode& map, const std::string& path, const ValueReader& reader) {
    InputDraft input;
    input.path = path;
    input.spec.where = map.where;
    reader.unknown_keys(map, path, "key of an input", input_keys);
    if (const YamlEntry* from = map.find("from")) {
        const auto id = reader.text(from->value, from->place(), path + ".from", "the id of a node");
        input.flawed = !id;
        set_from(input, id.value_or(""));
        input.spec.where = from->place();
        input.path = path;
    } else {
        reader.findings().error(map.where, path, "'from' is missing: it names the node to read",
                                "add 'from: id'");
        input.flawed = true;
    }
    if (const YamlEntry* kinds = map.find("kinds")) read_kinds(*kinds, input, reader);
    if (const YamlEntry* as = map.find("as")) {
        constexpr std::array<std::string_view, 2> modes = {"ordered", "latest"};
        const auto mode =
            reader.text(as->value, as->place(), path + ".as", "'ordered' or 'latest'");
        if (mode && std::find(modes.begin(), modes.end(), *mode) == modes.end()) {
            reader.findings().error(
                as->place(), path + ".as",
                fmt::format("expected ordered or latest, got {}", in_quotes(*mode)),
                suggest(*mode, modes));
        }
        input.spec.latest = mode == "latest";
    }
    if (const YamlEntry* broadcast = map.find("broadcast")) {
        const auto value =
            reader.text(broadcast->value, broadcast->place(), path + ".broadcast", "true or false");
        if (value && *value != "true" && *value != "false") {
            reader.findings().error(
                broadcast->place(), path + ".broadcast",
                fmt::format("expected true or false, got {}", in_quotes(*value)));
        }
        input.spec.broadcast = value == "true";
    }
    return input;
}

InputDraft short_form(std::string_view text, const Location& where, const std::string& path) {
    InputDraft input;
    input.path = path;
    input.spec.where = where;
    set_from(input, text);
    return input;
}

}  // namespace

std::vector<InputDraft> read_inputs(const YamlEntry& entry, const std::string& path,
                                    const ValueReader& reader) {
    std::vector<InputDraft> inputs;
    constexpr std::string_view what = "the id of a node";
    if (entry.value.is_map()) {
        inputs.push_back(read_long_form(entry.value, path, reader));
    } else if (!entry.value.is_sequence()) {
        for (const auto& [text, where, item_path] : reader.texts(entry, path, what)) {
            inputs.push_back(short_form(text, where, item_path));
        }
    } else if (entry.value.items.empty()) {
        reader.findings().error(entry.place(), path, "the list of inputs is empty",
                                "name the nodes to read from");
    }
    for (std::size_t i = 0; i < entry.value.items.size(); ++i) {
        const YamlNode& item = entry.value.items[i];
        const std::string item_path = fmt::format("{}[{}]", path, i);
        if (item.is_map()) {
            inputs.push_back(read_long_form(item, item_path, reader));
        } else if (const auto id = reader.text(item, item.where, item_path, what)) {
            inputs.push_back(short_form(*id, item.where, item_path));
        }
    }
    return inputs;
}

}  // namespace spillway::runtime
