#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "runtime/load/catalogue.hpp"

namespace spillway::runtime::testing {

/// Plugins described by hand, one or two of every category and trait.

inline OptionDescription option(std::string name, OptionType type,
                                std::optional<std::string> fallback = std::nullopt) {
    OptionDescription made;
    made.name = std::move(name);
    made.type = type;
    made.doc = "What " + made.name + " does.";
    made.fallback = std::move(fallback);
    return made;
}

inline OptionDescription ranged(OptionDescription made, std::optional<double> minimum,
                                std::optional<double> maximum = std::nullopt) {
    made.minimum = minimum;
    made.maximum = maximum;
    return made;
}

inline OptionDescription choice(std::string name, std::initializer_list<std::string> choices,
                                std::string fallback) {
    auto made = option(std::move(name), OptionType::choice, std::move(fallback));
    made.choices = choices;
    return made;
}

inline PluginDescription plugin(Category category, std::string name, KindSet consumes,
                                KindSet emits, Trait traits,
                                std::vector<OptionDescription> options) {
    PluginDescription made;
    made.name = std::move(name);
    made.category = category;
    made.version = "1.0.0";
    made.summary = "The " + made.name + " of the tests.";
    made.consumes = consumes;
    made.emits = emits;
    made.traits = traits;
    made.options = std::move(options);
    return made;
}

inline void add_sources(Catalogue& catalogue) {
    catalogue.add(plugin(
        Category::source, "replay", {}, source_kinds, Trait::replayable,
        {option("path", OptionType::path), ranged(option("limit", OptionType::integer, "0"), 0)}));
    catalogue.add(
        plugin(Category::source, "live", {}, {}, Trait::frames | Trait::unbounded,
               {option("venue", OptionType::text), option("symbols", OptionType::texts, "BTC,ETH"),
                ranged(option("ping", OptionType::duration, "20s"), second,
                       static_cast<double>(minute))}));
    catalogue.add(plugin(Category::venue, "binance", {}, {Kind::price, Kind::liquidation},
                         Trait::none,
                         {ranged(option("levels", OptionType::integer, "20"), 5, 50)}));
    catalogue.add(plugin(Category::venue, "bybit", {}, {Kind::price}, Trait::none, {}));
}

inline void add_transforms(Catalogue& catalogue) {
    catalogue.add(plugin(Category::transform, "normalise", source_kinds, source_kinds,
                         Trait::in_place | Trait::mutates, {}));
    catalogue.add(plugin(Category::transform, "filter", KindSet::all(), KindSet::all(),
                         Trait::in_place, {option("where", OptionType::texts)}));
    auto window = plugin(Category::transform, "window", {Kind::liquidation, Kind::trade},
                         {Kind::extension}, Trait::keyed | Trait::late_output,
                         {ranged(option("length", OptionType::duration, "1m"), second),
                          option("sums", OptionType::texts, "notional")});
    window.ports = {"early"};
    catalogue.add(std::move(window));
    catalogue.add(plugin(Category::transform, "alerts", {Kind::score, Kind::cascade}, {Kind::alert},
                         Trait::none, {}));
}

inline void add_scorers(Catalogue& catalogue) {
    auto change = ranged(option("min_change", OptionType::number, "0.5"), 0, 100);
    change.unit = "points";
    catalogue.add(plugin(Category::scorer, "liquidation_risk",
                         {Kind::price, Kind::liquidation, Kind::open_interest}, {Kind::score},
                         Trait::keyed,
                         {choice("profile", {"scaled", "classic", "monotone"}, "scaled"),
                          ranged(option("every", OptionType::duration, "1s"),
                                 static_cast<double>(100 * millisecond)),
                          std::move(change), option("weights", OptionType::numbers, ""),
                          option("trial", OptionType::boolean, "false")}));
}

inline void add_sinks(Catalogue& catalogue) {
    catalogue.add(plugin(Category::sink, "sqlite", KindSet::all(), {}, Trait::checkpoints,
                         {option("path", OptionType::path),
                          ranged(option("cache", OptionType::size, "64MiB"), 1 << 20),
                          option("wal", OptionType::boolean, "true")}));
    catalogue.add(
        plugin(Category::sink, "file", KindSet::all(), {}, Trait::none,
               {option("path", OptionType::path), choice("format", {"jsonl", "csv"}, "jsonl")}));
    catalogue.add(plugin(Category::sink, "webhook", {Kind::alert}, {}, Trait::alerting,
                         {option("url", OptionType::text), option("token", OptionType::secret)}));
    catalogue.add(plugin(Category::sink, "terminal", KindSet::all(), {}, Trait::none, {}));
}

inline Catalogue catalogue() {
    Catalogue made;
    add_sources(made);
    add_transforms(made);
    add_scorers(made);
    add_sinks(made);
    return made;
}

}  // namespace spillway::runtime::testing
