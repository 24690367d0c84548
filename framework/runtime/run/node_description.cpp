#include "runtime/run/node_description.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <spillway/id.hpp>

namespace spillway::runtime {
namespace {

void append(std::string& text, const std::vector<OptionSetting>& settings) {
    for (const OptionSetting& setting : settings) {
        text += '\n';
        text += setting.description->name;
        if (setting.secret) continue;
        text += fmt::format("={} {} {}", setting.integer, setting.number, setting.text);
        for (const std::string& item : setting.texts) text += ',' + item;
        for (const auto& [name, number] : setting.numbers) {
            text += fmt::format(",{}:{}", name, number);
        }
    }
}

}  // namespace

NodeDescription describe(const NodeSpec& node) {
    NodeDescription description;
    description.type = node.plugin->name;
    if (node.venue != nullptr) description.type += '/' + node.venue->name;
    for (const OptionSetting& option : node.options) {
        if (option.description->type == OptionType::path) {
            // It is kept in the store, and shown. A secret is only compared.
            description.places.push_back(
                option.secret ? fmt::format("(secret {:016x})", hash_text(option.text))
                              : option.text);
        }
    }
    std::string text = description.type;
    for (const InputSpec& input : node.inputs) {
        if (input.port == "errors") continue;  // dead letters come to the store by themselves
        text +=
            fmt::format("\n<{}.{} {} {}", input.from, input.port, input.latest, input.broadcast);
    }
    append(text, node.options);
    append(text, node.venue_options);
    append(text, node.run_settings);
    description.settings = hash_text(text);
    return description;
}

bool is_configured_alike(const NodeSpec& a, const NodeSpec& b) {
    const auto alike = [](const std::vector<OptionSetting>& left,
                          const std::vector<OptionSetting>& right) {
        return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                          [](const OptionSetting& one, const OptionSetting& other) {
                              return !one.secret ||
                                     (one.integer == other.integer && one.number == other.number &&
                                      one.text == other.text && one.texts == other.texts &&
                                      one.numbers == other.numbers);
                          });
    };
    return a.plugin == b.plugin && a.venue == b.venue &&
           describe(a).settings == describe(b).settings && alike(a.options, b.options) &&
           alike(a.venue_options, b.venue_options);
}

}  // namespace spillway::runtime
