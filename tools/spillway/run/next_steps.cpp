#include "run/next_steps.hpp"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

namespace spillway::cli {
namespace {

/// As a POSIX shell reads it back.
std::string shell_word(std::string_view text) {
    constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-=:@%,";
    if (!text.empty() && text.find_first_not_of(plain) == std::string_view::npos) {
        return std::string(text);
    }
    std::string quoted = "'";
    for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

bool on_path(std::string_view program) {
    const char* const variable = std::getenv("PATH");
    std::string_view folders = variable != nullptr ? variable : "";
    std::error_code ignored;
    while (!folders.empty()) {
        const std::size_t colon = std::min(folders.find(':'), folders.size());
        if (std::filesystem::exists(std::filesystem::path(folders.substr(0, colon)) / program,
                                    ignored)) {
            return true;
        }
        folders.remove_prefix(std::min(colon + 1, folders.size()));
    }
    return false;
}

std::string query(const Output& store) {
    return fmt::format(
        "sqlite3 -box {} \"select time, symbol, severity, message from cascade_alerts_utc "
        "order by time limit 10\"{}",
        shell_word(store.path.string()), on_path("sqlite3") ? "" : "   # apt-get install sqlite3");
}

}  // namespace

std::vector<Output> outputs_of(const runtime::PipelineSpec& spec,
                               const std::filesystem::path& data_dir) {
    std::vector<Output> outputs;
    for (const runtime::NodeSpec& node : spec.nodes) {
        if (node.category != Category::sink || node.plugin == nullptr) continue;
        for (const runtime::OptionSetting& option : node.options) {
            if (option.description == nullptr || option.text.empty() ||
                option.description->type != OptionType::path) {
                continue;
            }
            outputs.push_back(
                {node.id, node.plugin->name, (data_dir / option.text).lexically_normal()});
        }
    }
    return outputs;
}

std::string describe(const Output& output) {
    return fmt::format("{:<8} {}", output.type, output.path.string());
}

std::vector<std::string> next_steps(const std::filesystem::path& pipeline_file,
                                    const std::vector<Output>& outputs, std::string_view program,
                                    bool paced) {
    const std::string self = shell_word(program);
    const std::string file = shell_word(pipeline_file.string());
    std::vector<std::string> steps;
    const auto store = std::find_if(outputs.begin(), outputs.end(),
                                    [](const Output& output) { return output.type == "sqlite"; });
    if (store != outputs.end()) steps.push_back(query(*store));
    steps.push_back(fmt::format("{} validate {} --graph mermaid", self, file));
    if (!paced) steps.push_back(fmt::format("{} run {} --speed 3600", self, file));
    if (steps.size() < 3) steps.push_back(fmt::format("{} validate {} --explain", self, file));
    if (steps.size() < 3) steps.push_back(fmt::format("{} plugins list", self));
    return steps;
}

}  // namespace spillway::cli
