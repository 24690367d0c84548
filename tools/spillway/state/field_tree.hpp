#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::cli {

/// State as tagged fields, for people. The bytes say where each field ends but not what it is: what
/// looks like a number, time, text, list or nested fields is shown as such, other bytes as they
/// are. Any bytes are safe.
struct FieldTree {
    struct Node {
        std::uint16_t tag = 0;   ///< of a field; of an item in a list its index
        std::string_view shape;  ///< `number`, `text`, `fields`, `list`, `bytes`
        std::string value;       ///< as text; empty for what has children
        std::span<const std::byte> bytes;
        std::vector<Node> children;
    };
    std::vector<Node> fields;
    bool tagged = true;  ///< false: the bytes are not fields at all

    [[nodiscard]] static FieldTree read(std::span<const std::byte> bytes);
    /// Lines, each indented by `indent` blanks and more.
    [[nodiscard]] std::string to_text(std::size_t indent) const;
};

/// 16 bytes a line: offset, hexadecimal, characters.
[[nodiscard]] std::string hex_lines(std::span<const std::byte> bytes, std::size_t indent);
/// Two digits a byte.
[[nodiscard]] std::string hex_text(std::span<const std::byte> bytes);

}  // namespace spillway::cli
