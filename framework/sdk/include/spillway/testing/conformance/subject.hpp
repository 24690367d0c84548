#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <spillway/assessment.hpp>
#include <spillway/plugin.hpp>
#include <spillway/testing/events.hpp>
#include <spillway/testing/frames.hpp>
#include <spillway/testing/node_player.hpp>
#include <spillway/testing/option_texts.hpp>
#include <spillway/testing/place.hpp>

namespace spillway::testing {

/// A score that a scorer declares.
struct ScoreShape {
    struct Component {
        std::string name;
        double cap = 0;
        double weight = 0;
        Trend trend = Trend::none;
    };
    std::string name;
    bool directed = false;
    bool headline = false;
    std::vector<Component> components;
};

/// An option that a plugin declares.
struct OptionShape {
    std::string name;
    OptionType type = OptionType::text;
    bool has_minimum = false, has_maximum = false;
    double minimum = 0, maximum = 0;
    std::size_t choices = 0;
};

/// A plugin on the test bench: what it declares, how to make one, and what to feed it. Made from a
/// class with `subject_of`; `spillway plugins check` makes one from a plugin file.
struct Subject {
    std::string name;
    Category category = Category::transform;
    KindSet consumes, emits;
    Trait traits = Trait::none;
    std::uint32_t named_ports = 0;  ///< beside the default one and `late`
    std::uint32_t state_version = 1;
    std::vector<ScoreShape> scores;
    std::vector<OptionShape> option_shapes;  ///< as `options`

    std::function<std::unique_ptr<Plugin>()> create;
    std::vector<OptionValue> options;           ///< checked; in the order of the manifest
    std::shared_ptr<const void> option_memory;  ///< what `options` point to

    /// Option values that must be refused: name, value, and how it was written.
    struct Refused {
        std::size_t option = 0;
        OptionValue value;
        std::string shown;
    };
    std::vector<Refused> refused;

    MarketPlan market;             ///< events to make up; `kinds` is cut to what it consumes
    FrameScript frames;            ///< recorded messages for a venue
    std::filesystem::path folder;  ///< that it may write into: data directory of sinks
    std::uint32_t cuttings = 8;    ///< random cuttings to try
    std::uint64_t seed = 1;
    Place* place = nullptr;  ///< told where a check is; may be null

    [[nodiscard]] bool is(Trait trait) const noexcept { return has(traits, trait); }
    [[nodiscard]] bool is_node() const noexcept {
        return category == Category::transform || category == Category::scorer ||
               category == Category::venue;
    }
    [[nodiscard]] bool takes_events() const noexcept {
        return category == Category::transform || category == Category::scorer;
    }
    [[nodiscard]] NodeShape shape() const {
        return {name, traits, 1 + named_ports + (is(Trait::late_output) ? 1U : 0U), consumes};
    }
    [[nodiscard]] NodePlayer player(std::string what) const {
        NodePlayer made(shape(), create, options);
        made.set_place(place, std::move(what));
        return made;
    }
    /// The made-up market of a seed, with the kinds that the plugin consumes.
    [[nodiscard]] Script script(std::uint64_t of_seed) const {
        MarketPlan plan = market;
        plan.kinds = plan.kinds & consumes;
        plan.seed = of_seed;
        return made_up_market(plan);
    }
    /// Plays the subject's input: frames to a venue, events to others.
    [[nodiscard]] Status feed(NodePlayer& player, const Script& script,
                              const Cutting& cutting = {}) const {
        return category == Category::venue ? player.play(frames, cutting)
                                           : player.play(script, cutting);
    }
    void at(const char* words) const noexcept {
        if (place != nullptr) place->at(words);
    }
};

/// The subject for a plugin class, with options as a user writes them.
template <class PluginClass>
[[nodiscard]] Subject subject_of(std::span<const OptionText> options = {}) {
    Subject subject;
    constexpr const About& about = PluginClass::about;
    subject.name = about.name;
    subject.category = PluginClass::category;
    subject.consumes = about.consumes;
    subject.emits = about.emits;
    subject.traits = about.traits;
    subject.named_ports = static_cast<std::uint32_t>(about.ports.size());
    subject.state_version = about.state_version;
    if constexpr (requires { PluginClass::outputs; }) {
        for (const auto& output : PluginClass::outputs) {
            ScoreShape& score = subject.scores.emplace_back();
            score = {std::string(output.name), output.directed, output.headline, {}};
            for (const auto& component : output.components) {
                score.components.push_back({std::string(component.name), component.cap,
                                            component.weight, component.trend});
            }
        }
    }
    const auto shapes_of = [&](const auto& list) {
        for (const auto& option : list.items) {
            subject.option_shapes.push_back({std::string(option.name), option.type,
                                             option.has_minimum, option.has_maximum, option.minimum,
                                             option.maximum, option.choices.size()});
        }
    };
    shapes_of(PluginClass::option_list);
    if constexpr (requires { PluginClass::engine_options; }) shapes_of(PluginClass::engine_options);
    const auto values = std::make_shared<OptionValues>();
    if (values->template parse<PluginClass>(options).ok()) {
        subject.options.assign(values->view().begin(), values->view().end());
    }
    subject.option_memory = values;
    subject.create = []() -> std::unique_ptr<Plugin> { return std::make_unique<PluginClass>(); };
    return subject;
}

}  // namespace spillway::testing
