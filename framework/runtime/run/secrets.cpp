#include "runtime/run/secrets.hpp"

namespace spillway::runtime {
namespace {

void hide(std::string& text, const std::string& secret) {
    if (secret.empty()) return;
    constexpr std::string_view mask = "***";
    for (std::size_t at = text.find(secret); at != std::string::npos;
         at = text.find(secret, at + mask.size())) {
        text.replace(at, secret.size(), mask);
    }
}

void hide(std::string& text, const std::vector<OptionSetting>& settings) {
    for (const OptionSetting& setting : settings) {
        if (!setting.secret) continue;
        hide(text, setting.text);
        for (const std::string& one : setting.texts) hide(text, one);
    }
}

}  // namespace

std::string without_secrets(const PipelineSpec& spec, std::string text) {
    for (const NodeSpec& node : spec.nodes) {
        hide(text, node.options);
        hide(text, node.venue_options);
    }
    return text;
}

}  // namespace spillway::runtime
