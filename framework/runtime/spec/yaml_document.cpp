#include "runtime/spec/yaml_document.hpp"

#include <array>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace spillway::runtime {
namespace {

/// Aliases of aliases can make a small file huge; no pipeline comes near this.
constexpr std::size_t value_limit = 100'000;

/// yaml-cpp takes the end of the file for a missing closing quote without a word.
bool is_closed(std::string_view quoted) noexcept {
    const char quote = quoted.empty() ? '\0' : quoted.front();
    if (quote != '\'' && quote != '"') return true;  // a block scalar
    for (std::size_t i = 1; i < quoted.size(); ++i) {
        if (quote == '"' && quoted[i] == '\\') {
            ++i;
        } else if (quoted[i] == quote) {
            if (quote == '"' || i + 1 >= quoted.size() || quoted[i + 1] != quote) return true;
            ++i;  // '' is a quote inside single quotes
        }
    }
    return false;
}

/// Builds the tree from yaml-cpp's events.
class TreeBuilder final : public YAML::EventHandler {
public:
    explicit TreeBuilder(const SourceText& source) : source_(source) {}

    [[nodiscard]] YamlNode take() { return std::move(root_); }

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (documents_++ > 0) fail(mark, "a second document starts; a pipeline file holds one");
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        YamlNode node = make(mark, YamlNode::Type::null);
        // There is a plugin of that name; an empty value has no text.
        if (source_.from(mark.line, mark.column).starts_with("null")) node.text = "null";
        add(std::move(node), anchor, 1);
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto found = anchors_.find(anchor);
        if (found == anchors_.end()) fail(mark, "an alias inside the value that it stands for");
        YamlNode copy = found->second.node;
        copy.where = source_.at(mark.line, mark.column);
        add(std::move(copy), YAML::NullAnchor, found->second.size);
        if (values_ > value_limit) {
            fail(mark, fmt::format("aliases expand to more than {} values", value_limit));
        }
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        check_tag(mark, tag);
        YamlNode node = make(mark, YamlNode::Type::scalar);
        node.text = value;
        node.quoted = tag == "!";
        if (node.quoted && !is_closed(source_.from(mark.line, mark.column))) {
            fail(mark, "the quote that opens here is never closed");
        }
        add(std::move(node), anchor, 1);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value /*style*/) override {
        check_tag(mark, tag);
        open_.push_back({make(mark, YamlNode::Type::sequence), {}, anchor, values_});
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value /*style*/) override {
        check_tag(mark, tag);
        open_.push_back({make(mark, YamlNode::Type::map), {}, anchor, values_});
    }
    void OnMapEnd() override { close(); }

private:
    struct Open {
        YamlNode node;
        std::optional<YamlNode> key;  ///< waiting for its value
        YAML::anchor_t anchor;
        std::size_t values_before;
    };
    struct Anchored {
        YamlNode node;
        std::size_t size = 0;
    };

    [[noreturn]] static void fail(const YAML::Mark& mark, const std::string& message) {
        throw YAML::ParserException(mark, message);
    }
    static void check_tag(const YAML::Mark& mark, const std::string& tag) {
        if (tag.empty() || tag == "?" || tag == "!" || tag.starts_with("tag:yaml.org,2002:")) {
            return;
        }
        fail(mark, fmt::format("the tag '{}' has no meaning here", tag));
    }
    [[nodiscard]] YamlNode make(const YAML::Mark& mark, YamlNode::Type type) const {
        YamlNode node;
        node.type = type;
        node.where = source_.at(mark.line, mark.column);
        return node;
    }
    void add(YamlNode node, YAML::anchor_t anchor, std::size_t size) {
        values_ += size;
        if (anchor != YAML::NullAnchor) anchors_[anchor] = {node, size};
        if (open_.empty()) {
            root_ = std::move(node);
            return;
        }
        Open& parent = open_.back();
        if (parent.node.is_sequence()) {
            parent.node.items.push_back(std::move(node));
        } else if (!parent.key) {
            parent.key = std::move(node);
        } else {
            parent.node.entries.push_back({std::move(*parent.key), std::move(node)});
            parent.key.reset();
        }
    }
    void close() {
        Open done = std::move(open_.back());
        open_.pop_back();
        const std::size_t size = values_ - done.values_before + 1;
        values_ = done.values_before;
        add(std::move(done.node), done.anchor, size);
    }

    const SourceText& source_;
    YamlNode root_;
    std::vector<Open> open_;
    std::map<YAML::anchor_t, Anchored> anchors_;
    std::size_t values_ = 0;
    int documents_ = 0;
};

/// yaml-cpp's messages that leave people guessing, in other words.
struct Translation {
    std::string_view from;
    std::string_view message;
    std::string_view suggestion;
};
constexpr std::array<Translation, 4> translations = {{
    {"end of sequence flow not found", "a list that '[' opened is not closed before this",
     "close it with ']'"},
    {"end of map flow not found", "a map that '{' opened is not closed before this",
     "close it with '}'"},
    {"illegal map value", "':' cannot start a value here",
     "check the indentation, or quote the text that holds ': '"},
    {"end of map not found", "a key was expected here", "check the indentation"},
}};

YamlError translated(const Location& where, std::string_view line, const std::string& message) {
    if (line.substr(0, line.find_first_not_of(" \t")).find('\t') != std::string_view::npos) {
        return {where, "a tab cannot indent", "indent with spaces"};
    }
    for (const Translation& known : translations) {
        if (known.from == message) {
            return {where, std::string(known.message), std::string(known.suggestion)};
        }
    }
    return {where, message, {}};
}

YamlError syntax_error(const SourceText& source, const YAML::Exception& error) {
    const int line = error.mark.line;
    const int column = error.mark.column;
    const std::string_view before =
        column > 0 ? source.from(line, column - 1).substr(0, 2) : std::string_view();
    if (before == "${") {
        const std::string_view rest = source.from(line, column - 1);
        const std::size_t end = rest.find_first_of("}\n");
        const bool closed = end != std::string_view::npos && rest[end] == '}';
        return {source.at(line, column - 1),
                "'${' cannot stand unquoted inside [..] or {..}: there '{' starts a map",
                closed ? fmt::format("quote it: \"{}\"", rest.substr(0, end + 1)) : "quote it"};
    }
    return translated(source.at(line, column), source.line(line + 1), error.msg);
}

}  // namespace

const YamlEntry* YamlNode::find(std::string_view key) const noexcept {
    for (const YamlEntry& entry : entries) {
        if (entry.key.is_scalar() && entry.key.text == key) return &entry;
    }
    return nullptr;
}

YamlEntry* YamlNode::find(std::string_view key) noexcept {
    for (YamlEntry& entry : entries) {
        if (entry.key.is_scalar() && entry.key.text == key) return &entry;
    }
    return nullptr;
}

std::string_view describe(YamlNode::Type type) noexcept {
    switch (type) {
        case YamlNode::Type::null:
            return "nothing";
        case YamlNode::Type::scalar:
            return "a single value";
        case YamlNode::Type::sequence:
            return "a list";
        case YamlNode::Type::map:
            return "a map";
    }
    return "something else";
}

tl::expected<YamlNode, YamlError> parse_yaml(const SourceText& source) {
    if (const auto bad = source.first_bad_byte()) {
        return tl::unexpected(YamlError{*bad, "a byte that is not UTF-8 text", "save as UTF-8"});
    }
    try {
        std::istringstream stream(source.text());
        YAML::Parser parser(stream);
        TreeBuilder builder(source);
        while (parser.HandleNextDocument(builder)) {
        }
        return builder.take();
    } catch (const YAML::Exception& error) {
        return tl::unexpected(syntax_error(source, error));
    }
}

}  // namespace spillway::runtime
