#include "runtime/spec/diagnostic.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

namespace spillway::runtime {
namespace {

constexpr std::size_t excerpt_width = 100;

bool is_continuation(char c) noexcept { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

/// Byte of the character `column` (from 1) of the line.
std::size_t byte_of(std::string_view line, int column) noexcept {
    std::size_t byte = 0;
    for (int left = column - 1; left > 0 && byte < line.size(); --left) {
        do {
            ++byte;
        } while (byte < line.size() && is_continuation(line[byte]));
    }
    return byte;
}

std::string_view level_name(DiagnosticLevel level) noexcept {
    return level == DiagnosticLevel::error ? "error" : "warning";
}

/// The line with a caret below the column; of a long line the part around it.
std::string excerpt_text(const Diagnostic& one) {
    const std::string_view line = one.excerpt;
    const std::size_t caret = byte_of(line, one.column);
    std::size_t start =
        line.size() > excerpt_width && caret > excerpt_width / 2 ? caret - excerpt_width / 2 : 0;
    std::size_t end = std::min(line.size(), start + excerpt_width);
    while (start > 0 && is_continuation(line[start])) --start;
    while (end < line.size() && is_continuation(line[end])) ++end;
    const std::string_view lead = start > 0 ? ".." : "";
    std::string below(lead.size(), ' ');
    for (const char c : line.substr(start, caret - start)) {
        if (!is_continuation(c)) below += c == '\t' ? '\t' : ' ';
    }
    return fmt::format("{:>5} | {}{}{}\n      | {}^\n", one.line, lead,
                       line.substr(start, end - start), end < line.size() ? ".." : "", below);
}

}  // namespace

std::string to_text(const Diagnostics& diagnostics) {
    std::string text;
    for (const Diagnostic& one : diagnostics) {
        text += one.line > 0 ? fmt::format("{}:{}:{}", one.file, one.line, one.column) : one.file;
        text += fmt::format(": {}: {}\n", level_name(one.level), one.message);
        if (one.line > 0 && !one.excerpt.empty()) text += excerpt_text(one);
        if (!one.path.empty()) text += fmt::format("      = at {}\n", one.path);
        if (!one.suggestion.empty()) text += fmt::format("      = {}\n", one.suggestion);
    }
    return text;
}

std::string to_json(const Diagnostics& diagnostics) {
    rapidjson::StringBuffer buffer;
    rapidjson::PrettyWriter<rapidjson::StringBuffer> json(buffer);
    json.SetIndent(' ', 2);
    const auto field = [&](const char* name, std::string_view value) {
        json.Key(name);
        json.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
    };
    json.StartArray();
    for (const Diagnostic& one : diagnostics) {
        json.StartObject();
        field("file", one.file);
        json.Key("line");
        json.Int(one.line);
        json.Key("column");
        json.Int(one.column);
        field("path", one.path);
        field("severity", level_name(one.level));
        field("message", one.message);
        field("suggestion", one.suggestion);
        json.EndObject();
    }
    json.EndArray();
    return buffer.GetString();
}

}  // namespace spillway::runtime
