#include "runtime/spec/overrides.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "runtime/spec/engine_options.hpp"
#include "runtime/spec/option_value.hpp"
#include "runtime/spec/suggestions.hpp"

namespace spillway::runtime {
namespace {

/// "transforms.big.where[0]" -> transforms, big, where, 0
std::vector<std::string> split_path(std::string_view path) {
    std::vector<std::string> parts(1);
    for (const char c : path) {
        if (c == '.' || c == '[') {
            parts.emplace_back();
        } else if (c != ']') {
            parts.back() += c;
        }
    }
    return parts;
}

void mark_override(YamlNode& node, const Location& where) {
    node.is_override = true;
    node.where = where;
    for (YamlNode& item : node.items) mark_override(item, where);
    for (YamlEntry& entry : node.entries) {
        mark_override(entry.key, where);
        mark_override(entry.value, where);
    }
}

bool is_node_map(std::string_view key) noexcept {
    return std::any_of(node_maps.begin(), node_maps.end(),
                       [&](const NodeMap& map) { return map.key == key; });
}

/// Finds or makes the place that one override names.
class Descent {
public:
    Descent(const Location& where, const std::string& path, Findings& findings)
        : where_(where), path_(path), findings_(findings) {}

    [[nodiscard]] YamlNode* to(YamlNode& root) const {
        const std::vector<std::string> parts = split_path(path_);
        YamlNode* node = &root;
        for (std::size_t depth = 0; depth < parts.size() && node != nullptr; ++depth) {
            const bool node_id = depth == 1 && is_node_map(parts[0]);
            node = step(*node, parts[depth], depth > 0 && !node_id);
        }
        return node;
    }

private:
    YamlNode* step(YamlNode& node, const std::string& part, bool may_be_new) const {
        if (node.is_sequence()) return item(node, part);
        if (node.is_null()) node.type = YamlNode::Type::map;
        if (!node.is_map()) {
            return fail(fmt::format("{} lies inside {}", in_quotes(part), describe(node.type)), {});
        }
        if (YamlEntry* entry = node.find(part)) return &entry->value;
        const bool top_key =
            std::find(pipeline_keys.begin(), pipeline_keys.end(), part) != pipeline_keys.end();
        if (part.empty() || !(may_be_new || top_key)) {
            std::vector<std::string_view> known;
            known.reserve(node.entries.size());
            for (const YamlEntry& entry : node.entries) known.push_back(entry.key.text);
            return fail(fmt::format("the file has no {}", in_quotes(part)), suggest(part, known));
        }
        YamlEntry entry;
        entry.key.type = YamlNode::Type::scalar;
        entry.key.text = part;
        mark_override(entry.key, where_);
        node.entries.push_back(std::move(entry));
        return &node.entries.back().value;
    }
    YamlNode* item(YamlNode& list, const std::string& part) const {
        std::size_t index = 0;
        const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), index);
        const bool number = error == std::errc{} && end == part.data() + part.size();
        if (!number || index >= list.items.size()) {
            return fail(fmt::format("{} is no position in a list of {}", in_quotes(part),
                                    list.items.size()),
                        {});
        }
        return &list.items[index];
    }
    YamlNode* fail(std::string message, std::string suggestion) const {
        findings_.error(where_, path_, std::move(message), std::move(suggestion));
        return nullptr;
    }

    const Location& where_;
    const std::string& path_;
    Findings& findings_;
};

}  // namespace

void apply_overrides(YamlNode& root, std::span<const std::pair<std::string, std::string>> overrides,
                     Findings& findings) {
    for (const auto& [path, text] : overrides) {
        const Location where{"--set " + path, 0, 0};
        auto value = parse_yaml(SourceText(where.file, text));
        if (!value) {
            findings.error(where, path, "the value is not YAML: " + value.error().message,
                           value.error().suggestion);
            continue;
        }
        mark_override(*value, where);
        if (YamlNode* place = Descent(where, path, findings).to(root)) *place = std::move(*value);
    }
}

}  // namespace spillway::runtime
