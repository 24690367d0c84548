#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "runtime/load/describe.hpp"
#include "runtime/load/names_in.hpp"

namespace spillway::runtime {
namespace {

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

/// Plain where YAML reads it back as the same text, else in double quotes.
std::string scalar(std::string_view text) {
    constexpr std::string_view safe =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-";
    constexpr std::array<std::string_view, 7> words = {"true", "false", "null", "yes",
                                                       "no",   "on",    "off"};
    const bool plain = !text.empty() && text.front() != '-' &&
                       text.find_first_not_of(safe) == std::string_view::npos &&
                       text.find_first_not_of("0123456789._+-") != std::string_view::npos &&
                       std::ranges::find(words, text) == words.end();
    return plain ? std::string(text) : quoted(text);
}

/// "a,b" as "[a, b]".
std::string list(std::string_view texts) {
    std::vector<std::string> items;
    while (!texts.empty()) {
        const std::size_t comma = std::min(texts.find(','), texts.size());
        const std::string_view item = texts.substr(0, comma);
        const std::size_t begin = std::min(item.find_first_not_of(' '), item.size());
        items.push_back(scalar(item.substr(begin)));
        texts.remove_prefix(std::min(comma + 1, texts.size()));
    }
    return fmt::format("[{}]", fmt::join(items, ", "));
}

/// A default, as manifests have it.
std::string default_value(OptionType type, const std::string& fallback) {
    switch (type) {
        case OptionType::texts:
            return list(fallback);
        case OptionType::numbers:
            return fallback.starts_with('{') ? fallback : fmt::format("{{{}}}", fallback);
        case OptionType::text:
        case OptionType::path:
        case OptionType::secret:
            return scalar(fallback);
        default:
            return fallback;
    }
}

/// Something of the right shape for an option that has no default.
std::string sample_value(const OptionDescription& option) {
    switch (option.type) {
        case OptionType::boolean:
            return "true";
        case OptionType::integer:
        case OptionType::number:
            return fmt::format("{}", option.minimum.value_or(option.maximum.value_or(1)));
        case OptionType::duration:
            return "1m";
        case OptionType::size:
            return "64MiB";
        case OptionType::path:
            return "path/to/file";
        case OptionType::secret:
            return fmt::format("\"${{file:secrets/{}}}\"", option.name);
        case OptionType::choice:
            return scalar(option.choices.front());
        case OptionType::texts:
            return "[one, two]";
        case OptionType::numbers:
            return "{BTC: 1}";
        case OptionType::text:
            break;
    }
    return scalar("some " + option.name);
}

std::string inputs_comment(const PluginDescription& plugin) {
    if (plugin.consumes == KindSet::all()) return "ids of other nodes";
    auto kinds = names_in(plugin.consumes);
    constexpr std::size_t few = 4;
    const bool more = kinds.size() > few;
    if (more) kinds.resize(few);
    return fmt::format("ids of nodes that emit {}{}", fmt::join(kinds, ", "), more ? ", ..." : "");
}

}  // namespace

std::string example_yaml(const PluginDescription& plugin) {
    struct Line {
        std::string yaml;
        std::string comment;
    };
    std::vector<Line> lines;
    if (plugin.category == Category::venue) {
        // A venue is no node of its own: it decodes for a source of frames.
        lines = {{"sources:", ""},
                 {fmt::format("  {}:", plugin.name), ""},
                 {"    type: SOURCE", "a source with the trait `frames`"},
                 {fmt::format("    venue: {}", plugin.name), ""}};
    } else {
        lines = {{fmt::format("{}s:", name_of(plugin.category)), ""},
                 {fmt::format("  my_{}:", plugin.name), "an id of your choice"},
                 {fmt::format("    type: {}", plugin.name), ""}};
        if (plugin.category != Category::source) {
            lines.push_back({"    inputs: [ID]", inputs_comment(plugin)});
        }
    }
    for (const OptionDescription& option : plugin.options) {
        const auto& fallback = option.fallback;
        std::string yaml =
            fmt::format("    {}: {}", option.name,
                        fallback ? default_value(option.type, *fallback) : sample_value(option));
        lines.push_back({std::move(yaml), fallback ? option.doc : "required: " + option.doc});
    }
    constexpr std::size_t widest = 44;
    std::size_t width = 0;
    for (const Line& line : lines) {
        if (!line.comment.empty() && line.yaml.size() <= widest) {
            width = std::max(width, line.yaml.size());
        }
    }
    std::string out;
    for (const Line& line : lines) {
        out += line.comment.empty() ? line.yaml
                                    : fmt::format("{:<{}}  # {}", line.yaml, width, line.comment);
        out += '\n';
    }
    return out;
}

}  // namespace spillway::runtime
