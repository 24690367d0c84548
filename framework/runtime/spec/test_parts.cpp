#include "runtime/spec/test_parts.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <rapidjson/document.h>

#include "runtime/spec/option_value.hpp"
#include "runtime/spec/spec_names.hpp"
#include "runtime/spec/suggestions.hpp"
#include "runtime/spec/test_values.hpp"

namespace spillway::runtime {
namespace {

constexpr std::string_view nothing = "nothing";

bool is_json_object(const std::string& text) {
    rapidjson::Document document;
    return !document.Parse(text.data(), text.size()).HasParseError() && document.IsObject();
}

}  // namespace

std::vector<TestLine> lines_of(const YamlNode& text) {
    std::vector<TestLine> lines;
    Location where = text.where;
    // A text in quotes or without them has one line only, or loses its line ends.
    if (text.text.find('\n') != std::string::npos) where = {where.file, where.line + 1, 1};
    for (std::size_t start = 0; start < text.text.size(); ++where.line) {
        const std::size_t end = std::min(text.text.find('\n', start), text.text.size());
        if (end > start) lines.push_back({text.text.substr(start, end - start), where});
        start = end + 1;
    }
    return lines;
}

std::optional<std::uint64_t> read_count(const YamlNode& value) {
    std::uint64_t count = 0;
    if (!value.is_scalar() || value.quoted || value.text.empty()) return std::nullopt;
    for (const char c : value.text) {
        if (c == '_') continue;
        if (c < '0' || c > '9' || count > 100'000'000'000'000'000) return std::nullopt;
        count = count * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return count;
}

bool TestParts::is_map(const YamlEntry& entry, const std::string& path,
                       std::string_view expected) const {
    if (entry.value.is_map()) return true;
    error(entry.place(), path,
          fmt::format("expected {}, got {}", expected, describe(entry.value.type)));
    return false;
}

const NodeSpec* TestParts::find_node(const YamlEntry& entry, const std::string& path,
                                     std::string_view id) const {
    if (const NodeSpec* node = pipeline_.find(id)) return node;
    std::vector<std::string_view> known;
    known.reserve(pipeline_.nodes.size());
    for (const NodeSpec& node : pipeline_.nodes) known.push_back(node.id);
    error(entry.key.where, path, fmt::format("there is no node {}", in_quotes(id)),
          suggest(id, known));
    return nullptr;
}

bool TestParts::is_output(const YamlEntry& entry, const std::string& path) const {
    const std::string_view name = entry.key.text;
    const std::size_t dot = std::min(name.find('.'), name.size());
    const NodeSpec* node = find_node(entry, path, name.substr(0, dot));
    if (node == nullptr) return false;
    if (dot == name.size() || node->plugin == nullptr) return true;
    const std::string_view port = name.substr(dot + 1);
    if (node->category == Category::sink) {
        error(entry.key.where, path, fmt::format("'{}' is a sink and has no outputs", node->id),
              fmt::format("write '{}:' for what reaches it", node->id));
        return false;
    }
    const std::vector<std::string_view> ports = output_ports(*node->plugin);
    if (std::find(ports.begin(), ports.end(), port) != ports.end()) return true;
    error(entry.key.where, path, fmt::format("'{}' has no output {}", node->id, in_quotes(port)),
          suggest(port, ports));
    return false;
}

std::vector<TestExpectation> TestParts::expectations(const YamlEntry& entry,
                                                     const std::string& path) const {
    std::vector<TestExpectation> found;
    if (!is_map(entry, path, "a map from outputs to their events")) return found;
    for (const YamlEntry& output : entry.value.entries) {
        const std::string output_path = path + "." + output.key.text;
        if (!is_output(output, output_path)) continue;
        if (output.value.is_map()) {
            read_long_form(output, output_path, found);
        } else {
            found.push_back({output.key.text, Matching::ordered,
                             expected_lines(output, output_path), 0, output.key.where,
                             output.place()});
        }
    }
    return found;
}

void TestParts::read_long_form(const YamlEntry& entry, const std::string& path,
                               std::vector<TestExpectation>& out) const {
    reader_.unknown_keys(entry.value, path, "way to expect events", matching_names);
    for (const YamlEntry& way : entry.value.entries) {
        const auto* const name =
            std::find(matching_names.begin(), matching_names.end(), way.key.text);
        if (name == matching_names.end()) continue;
        const std::string way_path = path + "." + way.key.text;
        TestExpectation& one = out.emplace_back();
        one.output = entry.key.text;
        one.matching = static_cast<Matching>(name - matching_names.begin());
        one.key = way.key.where;
        one.value = way.place();
        if (one.matching != Matching::count) {
            one.lines = expected_lines(way, way_path);
        } else if (const auto count = read_count(way.value)) {
            one.count = *count;
        } else {
            error(way.place(), way_path, "expected a number of events");
        }
    }
}

std::vector<TestLine> TestParts::expected_lines(const YamlEntry& entry,
                                                const std::string& path) const {
    std::vector<TestLine> lines;
    if (entry.value.is_scalar()) {
        if (entry.value.text == nothing) return lines;
        lines = lines_of(entry.value);
    } else if (entry.value.is_sequence()) {
        for (std::size_t i = 0; i < entry.value.items.size(); ++i) {
            const YamlNode& item = entry.value.items[i];
            if (item.is_map()) {
                lines.push_back({to_json(item), item.where});
            } else {
                error(item.where, fmt::format("{}[{}]", path, i),
                      fmt::format("expected an event (a map), got {}", describe(item.type)));
            }
        }
    } else {
        error(entry.place(), path,
              fmt::format("expected a list of events, got {}", describe(entry.value.type)),
              "write 'nothing' if no event is expected");
    }
    for (const TestLine& line : lines) {
        if (is_json_object(line.text)) continue;
        error(line.where, path, fmt::format("{} is no event as JSON", in_quotes(line.text)),
              "write 'nothing', a list of events, or a text with one JSON object a line");
    }
    return lines;
}

std::vector<TestBook> TestParts::books(const YamlEntry& entry, const std::string& path) const {
    std::vector<TestBook> found;
    if (!is_map(entry, path, "a map from nodes to counts")) return found;
    for (const YamlEntry& node : entry.value.entries) {
        const std::string node_path = path + "." + node.key.text;
        if (find_node(node, node_path, node.key.text) == nullptr) continue;
        if (!is_map(node, node_path, "a map such as {in: 3, filtered: 1}")) continue;
        reader_.unknown_keys(node.value, node_path, "count in the books", book_counts);
        for (const YamlEntry& count : node.value.entries) {
            const auto value = read_count(count.value);
            if (value) {
                found.push_back(
                    {node.key.text, count.key.text, *value, count.key.where, count.place()});
            } else {
                error(
                    count.place(), node_path + "." + count.key.text,
                    fmt::format("expected a count, got {}",
                                count.value.is_scalar() ? in_quotes(count.value.text)
                                                        : std::string(describe(count.value.type))));
            }
        }
    }
    return found;
}

}  // namespace spillway::runtime
