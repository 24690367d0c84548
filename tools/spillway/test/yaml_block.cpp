#include "test/yaml_block.hpp"

#include <algorithm>
#include <string_view>

namespace spillway::cli {
namespace {

/// Byte of a place in the text; its column counts characters.
std::size_t byte_of(const runtime::SourceText& source, const runtime::Location& where) {
    const std::string& text = source.text();
    std::size_t at = static_cast<std::size_t>(source.line(where.line).data() - text.data());
    for (int left = where.column - 1; left > 0 && at < text.size(); --left) {
        do {
            ++at;
        } while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U);
    }
    return at;
}

/// Reads over quotes, brackets and comments of flow style.
class FlowScanner {
public:
    explicit FlowScanner(std::string_view text) : text_(text) {}

    /// End of the value that begins here, which is a list, a map, a quoted or a plain text.
    [[nodiscard]] std::size_t end_of_value(std::size_t at, bool in_flow) const {
        const char first = text_[at];
        if (first == '"' || first == '\'') return end_of_quoted(at);
        if (first == '[' || first == '{') return end_of_brackets(at);
        std::size_t end = at;
        while (end < text_.size() && text_[end] != '\n') {
            if (in_flow && std::string_view(",]}").find(text_[end]) != std::string_view::npos)
                break;
            if (text_[end] == '#' && end > at && text_[end - 1] == ' ') break;
            ++end;
        }
        while (end > at && (text_[end - 1] == ' ' || text_[end - 1] == '\r')) --end;
        return end;
    }
    /// How many brackets are open at `at`, counted from `from`.
    [[nodiscard]] int depth(std::size_t from, std::size_t at) const {
        int open = 0;
        for (std::size_t i = from; i < at;) open += step(i);
        return open;
    }

private:
    /// Passes one character, quoted text or comment; answers how the depth changes.
    int step(std::size_t& i) const {
        const char c = text_[i];
        const bool starts =
            i == 0 || std::string_view(" \n[{,:(").find(text_[i - 1]) != std::string_view::npos;
        if ((c == '"' || c == '\'') && starts) {
            i = end_of_quoted(i);
            return 0;
        }
        if (c == '#' && starts) {
            i = std::min(text_.find('\n', i), text_.size());
            return 0;
        }
        ++i;
        return c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
    }
    [[nodiscard]] std::size_t end_of_quoted(std::size_t at) const {
        const char quote = text_[at];
        for (std::size_t i = at + 1; i < text_.size(); ++i) {
            if (quote == '"' && text_[i] == '\\') {
                ++i;
            } else if (text_[i] == quote) {
                if (quote == '"' || i + 1 >= text_.size() || text_[i + 1] != '\'') return i + 1;
                ++i;
            }
        }
        return text_.size();
    }
    [[nodiscard]] std::size_t end_of_brackets(std::size_t at) const {
        int open = 0;
        for (std::size_t i = at; i < text_.size();) {
            open += step(i);
            if (open == 0) return i;
        }
        return text_.size();
    }

    std::string_view text_;
};

std::size_t indent_of(std::string_view line) {
    return std::min(line.find_first_not_of(' '), line.size());
}

bool is_blank_or_comment(std::string_view line) {
    const std::size_t at = indent_of(line);
    return at == line.size() || line[at] == '#';
}

/// End of a block value whose key stands `indent` deep: the last line that belongs to it.
std::size_t end_of_block(const runtime::SourceText& source, int key_line, std::size_t indent) {
    int last = key_line;
    for (int line = key_line + 1; line <= source.line_count(); ++line) {
        const std::string_view text = source.line(line);
        const std::size_t depth = indent_of(text);
        if (is_blank_or_comment(text)) continue;
        const bool item = depth == indent && text.substr(depth).starts_with("- ");
        if (depth <= indent && !item) break;
        last = line;
    }
    const std::string_view text = source.line(last);
    return static_cast<std::size_t>(text.data() - source.text().data()) + text.size();
}

}  // namespace

std::optional<ValueBlock> find_value(const runtime::SourceText& source,
                                     const runtime::Location& key, const runtime::Location& value) {
    const std::string& text = source.text();
    const std::size_t key_at = byte_of(source, key);
    const std::string_view key_line = source.line(key.line);
    const std::size_t line_start = static_cast<std::size_t>(key_line.data() - text.data());
    const std::size_t colon = text.find(':', key_at);
    if (colon == std::string::npos || value.line < key.line) return std::nullopt;
    const FlowScanner flow(text);
    ValueBlock block;
    block.indent = key_at - line_start;
    block.in_flow = flow.depth(line_start, key_at) > 0;
    block.span.begin = colon + 1;
    const std::size_t value_at = byte_of(source, value);
    if (value_at <= key_at) {  // nothing there
        block.span.end = colon + 1;
        return block;
    }
    const char first = value_at < text.size() ? text[value_at] : '\0';
    if (first == '*' || first == '&' || first == '!') return std::nullopt;
    const bool block_text = first == '|' || first == '>';
    const bool block_list = first == '-' && text.substr(value_at, 2) == "- ";
    block.span.end = !block.in_flow && (block_text || block_list)
                         ? end_of_block(source, key.line, block.indent)
                         : flow.end_of_value(value_at, block.in_flow);
    return block;
}

}  // namespace spillway::cli
