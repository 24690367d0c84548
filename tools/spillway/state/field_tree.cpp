#include "state/field_tree.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>

#include <fmt/format.h>

#include <spillway/time.hpp>

namespace spillway::cli {
namespace {

using Bytes = std::span<const std::byte>;
using Node = FieldTree::Node;

constexpr int deepest = 12;              ///< bytes nested further are shown as they are
constexpr std::size_t items_shown = 8;   ///< of a list of numbers
constexpr std::size_t most_bytes = 256;  ///< shown of one value

template <class T>
T at(Bytes bytes, std::size_t offset) noexcept {
    T value;
    std::memcpy(&value, bytes.data() + offset, sizeof(T));
    return value;
}

bool printable(Bytes bytes) noexcept {
    return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) {
        const auto c = static_cast<unsigned char>(b);
        return c >= 0x20 && c != 0x7f;
    });
}

/// Integers and floating-point numbers of eight bytes look alike: sizes that occur decide.
std::string number_of_eight(Bytes bytes) {
    const auto integer = at<std::int64_t>(bytes, 0);
    const auto number = at<double>(bytes, 0);
    constexpr Time first = 946'684'800 * second, last = 4'102'444'800 * second;  // 2000, 2100
    if (integer >= first && integer < last) return format_time(integer);
    const double size = std::abs(number);
    const bool ordinary = size > 1e-12 && size < 1e18;
    return ordinary ? fmt::format("{}", number) : fmt::format("{}", integer);
}

std::string number_of_four(Bytes bytes) {
    const auto integer = at<std::int32_t>(bytes, 0);
    const double size = std::abs(static_cast<double>(at<float>(bytes, 0)));
    const bool ordinary = size > 1e-6 && size < 1e9 && std::abs(double{1} * integer) > 1e8;
    return ordinary ? fmt::format("{}", at<float>(bytes, 0)) : fmt::format("{}", integer);
}

std::optional<std::string> number_text(Bytes bytes) {
    switch (bytes.size()) {
        case 1:
            return fmt::format("{}", at<std::uint8_t>(bytes, 0));
        case 2:
            return fmt::format("{}", at<std::int16_t>(bytes, 0));
        case 4:
            return number_of_four(bytes);
        case 8:
            return number_of_eight(bytes);
        default:
            return std::nullopt;
    }
}

void interpret(Node& node, Bytes value, int depth);

/// Fields from the first byte to the last; none if anything is left over.
std::optional<std::vector<Node>> fields_of(Bytes bytes, int depth) {
    std::vector<Node> fields;
    int last_tag = -1;
    while (!bytes.empty()) {
        if (bytes.size() < 6) return std::nullopt;
        const auto tag = at<std::uint16_t>(bytes, 0);
        const auto length = at<std::uint32_t>(bytes, 2);
        if (length > bytes.size() - 6 || int{tag} <= last_tag) return std::nullopt;
        last_tag = tag;
        Node& node = fields.emplace_back();
        node.tag = tag;
        node.bytes = bytes.subspan(6, length);
        interpret(node, node.bytes, depth + 1);
        bytes = bytes.subspan(6 + length);
    }
    return fields;
}

/// `count` structs one after the other, each with its length.
std::optional<std::vector<Node>> structs_of(Bytes bytes, std::size_t count, int depth) {
    std::vector<Node> items;
    for (std::size_t i = 0; i < count; ++i) {
        if (bytes.size() < 4) return std::nullopt;
        const auto length = at<std::uint32_t>(bytes, 0);
        if (length > bytes.size() - 4 || length == 0) return std::nullopt;
        auto fields = fields_of(bytes.subspan(4, length), depth + 1);
        if (!fields) return std::nullopt;
        Node& node = items.emplace_back();
        node.tag = static_cast<std::uint16_t>(i);
        node.shape = "fields";
        node.bytes = bytes.subspan(4, length);
        node.children = std::move(*fields);
        bytes = bytes.subspan(4 + length);
    }
    if (!bytes.empty()) return std::nullopt;
    return items;
}

std::string list_text(Bytes items, std::size_t count) {
    const std::size_t size = items.size() / count;
    std::string text = fmt::format("{} x", count);
    for (std::size_t i = 0; i < std::min(count, items_shown); ++i) {
        text += ' ' + *number_text(items.subspan(i * size, size));
    }
    return count > items_shown ? text + " ..." : text;
}

bool is_counted(Node& node, Bytes value, int depth) {
    if (value.size() < 4) return false;
    const auto count = at<std::uint32_t>(value, 0);
    const Bytes rest = value.subspan(4);
    if (count == 0 || count > rest.size()) return false;
    if (count == rest.size() && printable(rest)) {
        node.shape = "text";
        node.value = {reinterpret_cast<const char*>(rest.data()), rest.size()};
        return true;
    }
    if (count == rest.size()) {
        if (auto fields = fields_of(rest, depth)) {
            node.shape = "fields";
            node.children = std::move(*fields);
            return true;
        }
    }
    if (auto structs = structs_of(rest, count, depth)) {
        node.shape = "list";
        node.children = std::move(*structs);
        return true;
    }
    const std::size_t size = rest.size() / count;
    if (rest.size() % count != 0 || !(size == 1 || size == 2 || size == 4 || size == 8)) {
        return false;
    }
    node.shape = "list";
    node.value = list_text(rest, count);
    return true;
}

void interpret(Node& node, Bytes value, int depth) {
    const auto number = number_text(value);
    // An empty text or list is a count of four bytes as well: shown as the number 0.
    if (number) {
        node.shape = "number";
        node.value = *number;
        return;
    }
    if (depth < deepest && is_counted(node, value, depth)) return;
    node.shape = "bytes";
}

void append(std::string& out, const Node& node, std::size_t indent, bool item) {
    const std::string name = item ? fmt::format("[{}]", node.tag) : fmt::format("{}", node.tag);
    const std::string start =
        fmt::format("{:{}}{:<4} {:>6} B  ", "", indent, name, node.bytes.size());
    if (node.shape == "bytes") {
        out += start + "bytes\n" + hex_lines(node.bytes, indent + 4);
        return;
    }
    if (node.children.empty()) {
        const bool quoted = node.shape == "text";
        out += fmt::format("{}{}{}{}\n", start, quoted ? "\"" : "",
                           node.value.substr(0, most_bytes), quoted ? "\"" : "");
        return;
    }
    out += fmt::format("{}{} of {}\n", start, node.shape, node.children.size());
    for (const Node& child : node.children) append(out, child, indent + 4, node.shape == "list");
}

}  // namespace

FieldTree FieldTree::read(Bytes bytes) {
    FieldTree tree;
    auto fields = fields_of(bytes, 0);
    tree.tagged = fields.has_value();
    if (fields) {
        tree.fields = std::move(*fields);
    } else {
        Node& node = tree.fields.emplace_back();
        node.shape = "bytes";
        node.bytes = bytes;
    }
    return tree;
}

std::string FieldTree::to_text(std::size_t indent) const {
    if (!tagged) return hex_lines(fields.front().bytes, indent);
    std::string text;
    for (const Node& node : fields) append(text, node, indent, false);
    return text;
}

std::string hex_text(Bytes bytes) {
    std::string text;
    text.reserve(2 * bytes.size());
    for (const std::byte b : bytes) text += fmt::format("{:02x}", static_cast<unsigned>(b));
    return text;
}

std::string hex_lines(Bytes bytes, std::size_t indent) {
    constexpr std::size_t width = 16;
    std::string text;
    for (std::size_t line = 0; line < std::min(bytes.size(), most_bytes); line += width) {
        const Bytes part = bytes.subspan(line, std::min(width, bytes.size() - line));
        std::string digits, characters;
        for (const std::byte b : part) {
            digits += fmt::format("{:02x} ", static_cast<unsigned>(b));
            characters += printable({&b, 1}) && static_cast<unsigned char>(b) < 0x80
                              ? static_cast<char>(b)
                              : '.';
        }
        text += fmt::format("{:{}}{:04x}  {:<48} {}\n", "", indent, line, digits, characters);
    }
    if (bytes.size() > most_bytes) {
        text += fmt::format("{:{}}... {} more bytes\n", "", indent, bytes.size() - most_bytes);
    }
    return text;
}

}  // namespace spillway::cli
