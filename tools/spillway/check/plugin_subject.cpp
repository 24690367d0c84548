#include "check/plugin_subject.hpp"

#include <algorithm>
#include <deque>
#include <fstream>
#include <memory>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "runtime/spec/option_value.hpp"
#include "runtime/spec/suggestions.hpp"

namespace spillway::cli {
namespace {

using runtime::OptionDescription;
using runtime::OptionSetting;
using testing::Subject;

tl::unexpected<SubjectError> error(std::string message, bool defect = false) {
    return tl::unexpected(SubjectError{std::move(message), defect});
}

/// Settings and what option values point to.
struct Memory {
    std::deque<OptionSetting> settings;
    std::deque<std::vector<std::string_view>> texts;
    std::deque<std::vector<std::pair<std::string_view, double>>> numbers;

    OptionValue value_of(const OptionSetting& setting) {
        OptionValue value;
        value.type = setting.description->type;
        value.integer = setting.integer;
        value.number = setting.number;
        value.text = setting.text;
        value.texts = texts.emplace_back(setting.texts.begin(), setting.texts.end());
        value.numbers = numbers.emplace_back(setting.numbers.begin(), setting.numbers.end());
        return value;
    }
};

/// What lies nearest to the value within the bounds of the option.
double within(const OptionDescription& option, double value) {
    value = std::max(value, option.minimum.value_or(value));
    return std::min(value, option.maximum.value_or(value));
}

/// A value for an option whose shape says enough.
std::optional<std::string> obvious_value(const OptionDescription& option, Category category) {
    switch (option.type) {
        case OptionType::boolean:
            return "true";
        case OptionType::integer:
            return fmt::format("{:.0f}", option.minimum.value_or(option.maximum.value_or(1)));
        case OptionType::number:
            return fmt::format("{}", option.minimum.value_or(option.maximum.value_or(1)));
        case OptionType::duration:
            return format_duration(static_cast<Duration>(within(option, minute)));
        case OptionType::size:
            return fmt::format("{:.0f}", within(option, 1 << 20));
        case OptionType::choice:
            return option.choices.front();
        case OptionType::path:
            if (category == Category::sink) return "output";
            return std::nullopt;
        default:
            return std::nullopt;
    }
}

tl::expected<std::string, SubjectError> value_for(const OptionDescription& option,
                                                  const runtime::PluginDescription& plugin,
                                                  const CheckCase& with) {
    const auto given = std::find_if(with.options.rbegin(), with.options.rend(),
                                    [&](const auto& pair) { return pair.first == option.name; });
    if (given != with.options.rend()) return given->second;
    const auto fallback = runtime::fallback_setting(option);
    if (option.fallback && fallback) return *option.fallback;
    if (auto value = obvious_value(option, plugin.category)) return *value;
    if (option.fallback) {
        return error(fmt::format("the default of '{}': {}", option.name, fallback.error().message),
                     true);
    }
    return error(fmt::format("'{}' needs a value for its option '{}': --set {}=VALUE, or {}",
                             plugin.name, option.name, option.name,
                             place_of_options(with, plugin.name)));
}

tl::expected<void, SubjectError> read_options(const runtime::PluginDescription& plugin,
                                              const CheckCase& with, Memory& memory,
                                              Subject& subject) {
    std::vector<std::string_view> names;
    names.reserve(plugin.options.size());
    for (const OptionDescription& option : plugin.options) names.push_back(option.name);
    for (const auto* values : {&with.options, &with.refuses}) {
        for (const auto& [name, value] : *values) {
            if (std::ranges::find(names, name) != names.end()) continue;
            return error(fmt::format("'{}' has no option '{}'; {}", plugin.name, name,
                                     runtime::suggest(name, names)));
        }
    }
    for (std::size_t i = 0; i < plugin.options.size(); ++i) {
        const OptionDescription& option = plugin.options[i];
        const auto text = value_for(option, plugin, with);
        if (!text) return tl::unexpected(text.error());
        OptionSetting& setting = memory.settings.emplace_back();
        setting.description = &option;
        if (const auto read = runtime::read_value(setting, *text); !read) {
            const bool given =
                std::ranges::find(with.options, option.name,
                                  &CheckCase::Values::value_type::first) != with.options.end();
            return error(fmt::format("option '{}' of '{}': {}", option.name, plugin.name,
                                     read.error().message),
                         !given);
        }
        subject.options.push_back(memory.value_of(setting));
        subject.option_shapes.push_back({option.name, option.type, option.minimum.has_value(),
                                         option.maximum.has_value(), option.minimum.value_or(0),
                                         option.maximum.value_or(0), option.choices.size()});
        for (const auto& [name, value] : with.refuses) {
            if (name != option.name) continue;
            OptionSetting& wrong = memory.settings.emplace_back();
            wrong.description = &option;
            // What the engine itself refuses never reaches the plugin.
            if (!runtime::read_value(wrong, value)) continue;
            subject.refused.push_back({i, memory.value_of(wrong), fmt::format("'{}'", value)});
        }
    }
    return {};
}

tl::expected<void, SubjectError> read_frames(const CheckCase& with, testing::FrameScript& out) {
    // Recorded messages are older than this: a decoder never sees the future.
    constexpr Time start = 1'798'761'600 * second;  // 2027-01-01
    for (const CheckCase::Fixture& fixture : with.fixtures) {
        std::ifstream in(fixture.file);
        if (!in) return error(fmt::format("{}: cannot be read", fixture.file.string()));
        for (std::string line; std::getline(in, line);) {
            if (line.empty()) continue;
            auto& message = out.add(start + out.size() * second, line, fixture.type);
            message.channel = fixture.channel;
            message.http_status = fixture.type == FrameType::response ? 200 : 0;
        }
    }
    return {};
}

}  // namespace

tl::expected<Subject, SubjectError> subject_of(const runtime::PluginDescription& plugin,
                                               const CheckCase& with) {
    Subject subject;
    subject.name = plugin.name;
    subject.category = plugin.category;
    subject.consumes = plugin.consumes;
    subject.emits = plugin.emits;
    subject.traits = plugin.traits;
    subject.named_ports = static_cast<std::uint32_t>(plugin.ports.size());
    subject.state_version = plugin.state_version;
    for (const runtime::ScoreDescription& output : plugin.outputs) {
        testing::ScoreShape& score = subject.scores.emplace_back();
        score = {output.name, output.directed, output.headline, {}};
        for (const runtime::ComponentDescription& component : output.components) {
            score.components.push_back(
                {component.name, component.cap, component.weight, component.trend});
        }
    }
    const auto memory = std::make_shared<Memory>();
    if (auto options = read_options(plugin, with, *memory, subject); !options) {
        return tl::unexpected(options.error());
    }
    subject.option_memory = memory;
    subject.market = with.market;
    if (auto frames = read_frames(with, subject.frames); !frames) {
        return tl::unexpected(frames.error());
    }
    return subject;
}

}  // namespace spillway::cli
