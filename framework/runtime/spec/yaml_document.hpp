#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "runtime/spec/pipeline_spec.hpp"
#include "runtime/spec/source_text.hpp"

namespace spillway::runtime {

struct YamlEntry;

/// A YAML value that remembers where it stood. Unlike yaml-cpp's own nodes it keeps every key of
/// a map, duplicates included, and an alias has the place where it is used.
struct YamlNode {
    enum class Type { null, scalar, sequence, map };

    Type type = Type::null;
    std::string text;          ///< of a scalar; of a null, `null` if it was written so
    bool quoted = false;       ///< a scalar in quotes or a block scalar
    bool is_override = false;  ///< from `--set`
    Location where;
    std::vector<YamlNode> items;     ///< of a sequence
    std::vector<YamlEntry> entries;  ///< of a map, in the order of the file

    [[nodiscard]] bool is_null() const noexcept { return type == Type::null; }
    [[nodiscard]] bool is_scalar() const noexcept { return type == Type::scalar; }
    [[nodiscard]] bool is_sequence() const noexcept { return type == Type::sequence; }
    [[nodiscard]] bool is_map() const noexcept { return type == Type::map; }

    /// The first entry of that key; null if there is none or this is no map.
    [[nodiscard]] const YamlEntry* find(std::string_view key) const noexcept;
    [[nodiscard]] YamlEntry* find(std::string_view key) noexcept;
};

struct YamlEntry {
    YamlNode key;
    YamlNode value;

    /// Where to point for a wrong value: yaml-cpp puts a missing one at the next token.
    [[nodiscard]] const Location& place() const noexcept {
        return value.is_null() ? key.where : value.where;
    }
};

/// "a list", "a map", "nothing", "text": what a person would call it.
[[nodiscard]] std::string_view describe(YamlNode::Type type) noexcept;

/// Why a text is not YAML. The parser stops at the first mistake.
struct YamlError {
    Location where;
    std::string message;
    std::string suggestion;
};

/// Parses one document; an empty text is a null node. Aliases are expanded, `<<` is left alone.
[[nodiscard]] tl::expected<YamlNode, YamlError> parse_yaml(const SourceText& source);

}  // namespace spillway::runtime
