#include "check/file_checks.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "runtime/load/library_file.hpp"
#include "runtime/load/permissions.hpp"
#include "runtime/spec/option_value.hpp"

namespace spillway::cli {
namespace {

using runtime::OptionDescription;
using runtime::PluginDescription;
using testing::Findings;

bool is_snake_case(std::string_view name) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz";
    return !name.empty() && letters.find(name.front()) != std::string_view::npos &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") ==
               std::string_view::npos;
}

bool is_version(std::string_view text) {
    return std::ranges::count(text, '.') == 2 &&
           text.find_first_not_of("0123456789.") == std::string_view::npos;
}

void check_option(const OptionDescription& option, Findings& findings) {
    const std::string place = "option " + option.name;
    if (!is_snake_case(option.name)) {
        findings.fail("names are lower-case snake_case", fmt::format("'{}'", option.name), place);
    }
    if (option.doc.empty()) {
        findings.fail("every option has a line of documentation", "none", place);
    }
    if (option.fallback) {
        if (const auto setting = runtime::fallback_setting(option); !setting) {
            findings.fail("the default is a value of the option", setting.error().message, place);
        }
    }
    const bool counted = option.type == OptionType::integer || option.type == OptionType::number;
    const auto refused = [&](double number) {
        runtime::OptionSetting setting;
        setting.description = &option;
        const std::string text = option.type == OptionType::number ? fmt::format("{}", number)
                                                                   : fmt::format("{:.0f}", number);
        if (runtime::read_value(setting, text)) {
            findings.fail("a value outside of the stated bounds is refused", text + " is taken",
                          place);
        }
    };
    const auto step = [](double bound) { return std::max(1.0, std::abs(bound) * 1e-9); };
    if (counted && option.minimum) refused(*option.minimum - step(*option.minimum));
    if (counted && option.maximum) refused(*option.maximum + step(*option.maximum));
    if (option.minimum && option.maximum && *option.minimum > *option.maximum) {
        findings.fail("the minimum lies below the maximum",
                      fmt::format("{} to {}", *option.minimum, *option.maximum), place);
    }
}

void check_scores(const PluginDescription& plugin, Findings& findings) {
    if (plugin.outputs.empty()) findings.fail("a scorer declares its scores", "it has none");
    if (!(plugin.emits == KindSet{Kind::score})) {
        findings.fail("a scorer emits scores and nothing else", "it declares other kinds");
    }
    for (const runtime::ScoreDescription& score : plugin.outputs) {
        std::set<std::string> names;
        for (const runtime::ComponentDescription& component : score.components) {
            const std::string place =
                fmt::format("score {}, component {}", score.name, component.name);
            if (component.cap < 0 || component.weight < 0) {
                findings.fail("caps and weights are not negative",
                              fmt::format("cap {}, weight {}", component.cap, component.weight),
                              place);
            }
            if (const Trend trend = component.trend;
                !score.directed && (trend == Trend::rising_down || trend == Trend::rising_up)) {
                findings.fail("a trend by direction belongs to a score that has directions",
                              std::string(name_in(trend_names, trend)), place);
            }
            if (!names.insert(component.name).second) {
                findings.fail("components have names of their own", "one is there twice", place);
            }
        }
    }
}

}  // namespace

void check_manifest(const PluginDescription& plugin, Findings& findings) {
    if (!is_snake_case(plugin.name)) {
        findings.fail("names are lower-case snake_case", fmt::format("'{}'", plugin.name));
    }
    if (!is_version(plugin.version)) {
        findings.fail("the version reads like 1.0.0", fmt::format("'{}'", plugin.version));
    }
    if (plugin.summary.empty()) findings.fail("a line says what the plugin does", "none");
    if (plugin.file.stem() != plugin.name) {
        findings.warn("the file is named after the plugin",
                      fmt::format("'{}' is in {}", plugin.name, plugin.file.filename().string()));
    }
    std::set<std::string> names;
    for (const OptionDescription& option : plugin.options) {
        if (!names.insert(option.name).second) {
            findings.fail("options have names of their own",
                          fmt::format("'{}' is there twice", option.name));
        }
        check_option(option, findings);
    }
    const bool makes = plugin.category != Category::sink;
    const bool takes = plugin.category != Category::source && plugin.category != Category::venue;
    const bool any_kind = plugin.is(Trait::any_kind);
    if (makes && plugin.emits.empty() && !any_kind) {
        findings.fail("it declares what it emits", "nothing");
    }
    if (takes && plugin.consumes.empty()) findings.fail("it declares what it consumes", "nothing");
    if (!makes && !plugin.emits.empty()) findings.fail("a sink emits nothing", "it declares kinds");
    if (!takes && !plugin.consumes.empty()) {
        findings.fail("a source or venue consumes nothing", "it declares kinds");
    }
    if (plugin.is(Trait::in_place) && !any_kind && !plugin.consumes.contains(plugin.emits)) {
        findings.fail("an in-place node emits only kinds that it consumes",
                      "it declares others: give it the trait any_kind, or fewer kinds");
    }
    if (plugin.category == Category::scorer) check_scores(plugin, findings);
    if (const auto refusal = runtime::check_writers(plugin.file)) {
        findings.warn("only root and this user may write the file, or no pipeline will load it",
                      refusal->reason);
    }
}

void check_symbols(const PluginDescription& plugin, Findings& findings) {
    const auto file = runtime::read_library_file(plugin.file);
    if (!file) return findings.fail("the file is a shared library", file.error().reason);
    for (const std::string& symbol : file->undefined) {
        if (symbol.find("spillway::runtime") == std::string::npos) continue;
        findings.fail("a plugin needs nothing but the SDK", "it needs " + symbol);
    }
    for (const std::string& symbol : file->defined) {
        if (!symbol.starts_with("spillway::")) continue;
        findings.warn("a plugin keeps its names to itself (-fvisibility=hidden)",
                      "it exports " + symbol);
    }
}

void check_initialisers(const PluginDescription& plugin, Findings& findings) {
    if (plugin.sanitizer != "none") {
        findings.does_not_apply("sanitizers add initialisers of their own");
        return;
    }
    const auto file = runtime::read_library_file(plugin.file);
    if (!file) return findings.fail("the file is a shared library", file.error().reason);
    // The first is frame_dummy of the compiler's crtbegin.
    if (file->initialisers <= 1) return;
    findings.warn("no code runs while the file is loaded",
                  fmt::format("{} of its files have dynamic initialisers: make global objects "
                              "constexpr or constinit, or build them when a node starts",
                              file->initialisers - 1));
}

}  // namespace spillway::cli
