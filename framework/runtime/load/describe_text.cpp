#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <spillway/detail/manifest_json.hpp>
#include <spillway/time.hpp>

#include "runtime/load/describe.hpp"
#include "runtime/load/names_in.hpp"

namespace spillway::runtime {
namespace {

constexpr std::size_t line_width = 100;

/// A list over as many lines as it needs, each but the first indented.
std::string wrapped(const std::vector<std::string_view>& words, std::string_view between,
                    std::size_t indent) {
    const std::size_t width = line_width - std::min(indent, line_width / 2);
    std::string out;
    std::size_t column = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view gap = i + 1 < words.size() ? between : "";
        if (column != 0 && column + 1 + words[i].size() + gap.size() > width) {
            out += '\n' + std::string(indent, ' ');
            column = 0;
        } else if (column != 0) {
            out += ' ';
            ++column;
        }
        out.append(words[i]).append(gap);
        column += words[i].size() + gap.size();
    }
    return out;
}

std::string wrapped_text(std::string_view text, std::size_t indent) {
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const std::size_t space = std::min(text.find(' '), text.size());
        if (space > 0) words.push_back(text.substr(0, space));
        text.remove_prefix(std::min(space + 1, text.size()));
    }
    return wrapped(words, "", indent);
}

std::string kinds_text(KindSet kinds, std::size_t indent) {
    if (kinds.empty()) return "nothing";
    if (kinds == KindSet::all()) return "every kind";
    return wrapped(names_in(kinds), ",", indent);
}

/// A bound in the notation of the option's values: "1m", "64KiB", "100000".
std::string bound_text(const OptionDescription& option, double bound) {
    if (option.type == OptionType::duration) return format_duration(static_cast<Duration>(bound));
    if (option.type == OptionType::size) {
        constexpr std::array<std::string_view, 4> units = {"B", "KiB", "MiB", "GiB"};
        auto size = static_cast<std::int64_t>(bound);
        std::size_t unit = 0;
        for (; size != 0 && size % 1024 == 0 && unit + 1 < units.size(); ++unit) size /= 1024;
        return fmt::format("{}{}", size, units[unit]);
    }
    if (option.type == OptionType::integer) return fmt::format("{:.0f}", bound);
    return fmt::format("{}", bound);
}

std::string range_text(const OptionDescription& option) {
    if (!option.choices.empty()) return fmt::format("{}", fmt::join(option.choices, " | "));
    const std::string unit = option.unit.empty() ? "" : ' ' + option.unit;
    if (option.minimum && option.maximum) {
        return fmt::format("{} to {}{}", bound_text(option, *option.minimum),
                           bound_text(option, *option.maximum), unit);
    }
    if (option.minimum) return fmt::format(">= {}{}", bound_text(option, *option.minimum), unit);
    if (option.maximum) return fmt::format("<= {}{}", bound_text(option, *option.maximum), unit);
    return option.unit;
}

std::string default_text(const OptionDescription& option) {
    if (!option.fallback) return "required";
    return option.fallback->empty() ? "none" : *option.fallback;
}

std::string options_text(const std::vector<OptionDescription>& options) {
    if (options.empty()) return "\noptions  none\n";
    struct Row {
        std::array<std::string, 4> cells;
        std::string_view doc;
    };
    std::vector<Row> rows;
    rows.reserve(options.size());
    for (const OptionDescription& option : options) {
        rows.push_back(
            {{option.name,
              std::string(detail::option_type_names[static_cast<std::size_t>(option.type)]),
              default_text(option), range_text(option)},
             option.doc});
    }
    // A long default or list of choices has the line to itself rather than widen the table.
    constexpr std::array<std::string_view, 4> titles = {"option", "type", "default", "range"};
    constexpr std::size_t widest_cell = 28;
    std::array<std::size_t, 4> widths{};
    for (std::size_t c = 0; c < titles.size(); ++c) {
        widths[c] = titles[c].size();
        for (const Row& row : rows) {
            if (row.cells[c].size() <= widest_cell) {
                widths[c] = std::max(widths[c], row.cells[c].size());
            }
        }
    }
    std::string out = "\noptions\n";
    for (const Row& row : rows) {
        std::string line = " ";
        for (std::size_t c = 0; c < titles.size(); ++c) {
            line += fmt::format(" {:<{}} ", row.cells[c], widths[c]);
        }
        while (line.ends_with(' ')) line.pop_back();
        out += fmt::format("{}\n      {}\n", line, wrapped_text(row.doc, 6));
    }
    return out;
}

std::string_view words_of(Trend trend) {
    switch (trend) {
        case Trend::rising:
            return "; more as its input rises";
        case Trend::falling:
            return "; more as its input falls";
        case Trend::rising_down:
            return "; down: more as its input rises, up: more as it falls";
        case Trend::rising_up:
            return "; up: more as its input rises, down: more as it falls";
        case Trend::none:
            break;
    }
    return "";
}

std::string outputs_text(const std::vector<ScoreDescription>& outputs) {
    std::string out;
    for (const ScoreDescription& score : outputs) {
        out += fmt::format("\nscore {}{}{}\n", score.name,
                           score.directed ? ", for prices going down and up" : "",
                           score.headline ? ", shown first" : "");
        std::size_t width = 0;
        for (const auto& component : score.components) {
            width = std::max(width, component.name.size());
        }
        for (const auto& component : score.components) {
            out += fmt::format("  {:<{}}  up to {} points, {} of the coverage{}\n", component.name,
                               width, component.cap, component.weight, words_of(component.trend));
        }
    }
    return out;
}

std::string indented(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        out.append("  ").append(text.substr(0, end)).append("\n");
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

}  // namespace

std::string list_text(const Catalogue& catalogue) {
    std::size_t name_width = 0;
    std::size_t version_width = 0;
    for (const PluginDescription& plugin : catalogue.plugins()) {
        name_width = std::max(name_width, plugin.name.size());
        version_width = std::max(version_width, plugin.version.size());
    }
    std::string out;
    for (std::size_t c = 0; c < category_names.size(); ++c) {
        std::vector<const PluginDescription*> group;
        for (const PluginDescription& plugin : catalogue.plugins()) {
            if (plugin.category == static_cast<Category>(c)) group.push_back(&plugin);
        }
        if (group.empty()) continue;
        std::ranges::sort(group, {}, [](const PluginDescription* plugin) { return plugin->name; });
        out += fmt::format("{}{}s\n", out.empty() ? "" : "\n", category_names[c]);
        for (const PluginDescription* plugin : group) {
            out += fmt::format("  {:<{}}  {:<{}}  {}\n", plugin->name, name_width, plugin->version,
                               version_width, plugin->summary);
        }
    }
    if (out.empty()) out = "no plugins found\n";
    if (!catalogue.problems().empty()) out += "\nnot usable\n";
    for (const PluginProblem& problem : catalogue.problems()) {
        out += fmt::format("  {}\n    {}\n    fix: {}\n", problem.file.string(), problem.reason,
                           problem.fix);
    }
    return out;
}

std::string describe_text(const PluginDescription& plugin) {
    constexpr std::size_t indent = 10;
    std::string out = fmt::format("{} {} ({})\n{}\n\n", plugin.name, plugin.version,
                                  name_of(plugin.category), wrapped_text(plugin.summary, 0));
    const auto line = [&](std::string_view title, std::string_view text) {
        out += fmt::format("{:<{}}{}\n", title, indent, text);
    };
    if (plugin.category != Category::source && plugin.category != Category::venue) {
        line("consumes", kinds_text(plugin.consumes, indent));
    }
    if (plugin.category != Category::sink) {
        line("emits", plugin.is(Trait::any_kind) ? "whatever kinds arrive"
                                                 : kinds_text(plugin.emits, indent));
    }
    if (!plugin.ports.empty()) {
        line("ports", wrapped({plugin.ports.begin(), plugin.ports.end()}, ",", indent));
    }
    if (plugin.traits != Trait::none) line("traits", wrapped(names_in(plugin.traits), ",", indent));
    if (plugin.is(Trait::keyed)) line("state", fmt::format("version {}", plugin.state_version));
    line("built",
         fmt::format(
             "{}, ABI {}{}", plugin.compiler, plugin.abi,
             plugin.sanitizer == "none" ? "" : fmt::format(", {} sanitizer", plugin.sanitizer)));
    if (!plugin.file.empty()) line("file", plugin.file.string());
    out += outputs_text(plugin.outputs);
    out += options_text(plugin.options);
    out += "\nexample\n" + indented(example_yaml(plugin));
    return out;
}

}  // namespace spillway::runtime
