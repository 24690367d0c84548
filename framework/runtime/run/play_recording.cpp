#include "runtime/run/play_recording.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "runtime/spec/option_value.hpp"

namespace spillway::runtime {
namespace {

Diagnostic problem(const PipelineSpec& spec, const NodeSpec* node, std::string message,
                   std::string suggestion) {
    Diagnostic diagnostic;
    diagnostic.file = node != nullptr ? node->where.file : spec.file.string();
    diagnostic.line = node != nullptr ? node->where.line : 0;
    diagnostic.column = node != nullptr ? node->where.column : 0;
    diagnostic.path = node != nullptr ? node->id : "";
    diagnostic.message = std::move(message);
    diagnostic.suggestion = std::move(suggestion);
    return diagnostic;
}

std::vector<OptionSetting> options_of(const PluginDescription& frames, const NodeSpec& node,
                                      const std::filesystem::path& folder) {
    std::vector<OptionSetting> settings;
    for (const OptionDescription& option : frames.options) {
        OptionSetting unset;
        unset.description = &option;
        OptionSetting& setting =
            settings.emplace_back(fallback_setting(option).value_or(std::move(unset)));
        setting.origin = Origin::override;
        if (option.name == "path") setting.text = folder.string();
        if (option.name == "venue") setting.text = node.venue->name;
    }
    return settings;
}

}  // namespace

Diagnostics play_recording(PipelineSpec& spec, const Catalogue& catalogue,
                           const std::filesystem::path& folder) {
    Diagnostics problems;
    const PluginDescription* const frames = catalogue.find(Category::source, "frames");
    bool any = false;
    for (NodeSpec& node : spec.nodes) {
        if (node.category != Category::source || !node.plugin->is(Trait::live)) continue;
        any = true;
        std::error_code ignored;
        const std::filesystem::path recording = folder / node.id;
        if (!std::filesystem::is_directory(recording, ignored)) {
            problems.push_back(
                problem(spec, &node,
                        fmt::format("there is no recording of {} in {}", node.id, folder.string()),
                        fmt::format("expected the folder {}; `spillway record` makes "
                                    "one for each live source",
                                    recording.string())));
        } else if (frames == nullptr || node.venue == nullptr) {
            problems.push_back(problem(spec, &node, "only recorded frames can be replayed",
                                       "the plugin `frames` is needed for that"));
        } else {
            node.plugin = frames;
            node.options = options_of(*frames, node, recording);
            node.run.journal = {};
        }
    }
    if (!any) {
        problems.push_back(problem(spec, nullptr, "no source of this pipeline is live",
                                   "run it without --replay: it reads recorded input as it is"));
    }
    return problems;
}

Diagnostics check_recording(const PipelineSpec& spec, const std::filesystem::path& folder) {
    Diagnostics problems;
    std::error_code ignored;
    if (std::filesystem::exists(folder, ignored) && !std::filesystem::is_empty(folder, ignored)) {
        problems.push_back(problem(spec, nullptr,
                                   fmt::format("{} has something in it", folder.string()),
                                   "name a new folder: a recording is of one run"));
    }
    const bool any = std::any_of(spec.nodes.begin(), spec.nodes.end(), [](const NodeSpec& node) {
        return node.category == Category::source && node.plugin->is(Trait::live) &&
               node.plugin->is(Trait::frames);
    });
    if (!any) {
        problems.push_back(problem(spec, nullptr, "no source of this pipeline receives frames",
                                   "recorded are sources of type `live`"));
    }
    return problems;
}

}  // namespace spillway::runtime
