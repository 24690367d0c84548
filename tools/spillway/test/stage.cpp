#include "test/stage.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "runtime/spec/option_value.hpp"

namespace spillway::cli {
namespace {

using runtime::Catalogue;
using runtime::Diagnostics;
using runtime::InputSpec;
using runtime::NodeSpec;
using runtime::OptionSetting;
using runtime::PipelineSpec;
using runtime::PluginDescription;
using runtime::TestFile;
using runtime::TestInput;
using runtime::TestSpec;

// No id of a file has a dot.
constexpr const char* clock_id = "test.clock";
constexpr const char* refused_output = "test.refused";

OptionSetting* find_option(NodeSpec& node, std::string_view name) {
    const auto found =
        std::find_if(node.options.begin(), node.options.end(),
                     [&](const OptionSetting& one) { return one.description->name == name; });
    return found != node.options.end() ? &*found : nullptr;
}

/// Makes the node one of this plugin, which reads the file.
void become(NodeSpec& node, const PluginDescription& plugin, const std::filesystem::path& file) {
    node.plugin = &plugin;
    node.options.clear();
    for (const runtime::OptionDescription& option : plugin.options) {
        OptionSetting unset;
        unset.description = &option;
        node.options.push_back(runtime::fallback_setting(option).value_or(unset));
        if (option.name == "path") node.options.back().text = file.string();
    }
}

runtime::Diagnostic mistake(const runtime::Location& where, std::string message,
                            std::string suggestion) {
    runtime::Diagnostic one;
    one.file = where.file;
    one.line = where.line;
    one.column = where.column;
    one.message = std::move(message);
    one.suggestion = std::move(suggestion);
    return one;
}

InputSpec output_of(const std::string& name) {
    const std::size_t dot = std::min(name.find('.'), name.size());
    InputSpec input;
    input.from = name.substr(0, dot);
    input.port = name.substr(std::min(dot + 1, name.size()));
    input.kinds = KindSet::all();
    return input;
}

/// Mistakes in `set` come with "--set path" for a file: this is where it stands.
Diagnostics placed(Diagnostics errors, const TestSpec& test, const runtime::SourceText& source) {
    for (runtime::Diagnostic& one : errors) {
        const auto named = std::find_if(
            test.overrides.begin(), test.overrides.end(),
            [&](const runtime::TestOverride& set) { return one.file == "--set " + set.path; });
        if (named != test.overrides.end()) {
            one.file = named->where.file;
            one.line = named->where.line;
            one.column = named->where.column;
            one.excerpt = source.line(one.line);
        }
        one.message += fmt::format(" (in the test '{}')", test.name);
    }
    return errors;
}

}  // namespace

tl::expected<Stage, Diagnostics> Stage::prepare(const TestFile& file, const TestSpec& test,
                                                const Catalogue& catalogue) {
    auto pipeline = load_pipeline(file.pipeline, catalogue, load_options(test));
    if (!pipeline) return tl::unexpected(placed(std::move(pipeline.error()), test, file.source));
    const PluginDescription* replay = catalogue.find(Category::source, "replay");
    if (replay == nullptr) {
        return tl::unexpected(Diagnostics{mistake(
            test.where, "the source plugin 'replay' is missing: tests bring their input with it",
            "see 'spillway plugins list'")});
    }
    Stage stage;
    stage.pipeline_ = std::move(*pipeline);
    for (NodeSpec& node : stage.pipeline_.nodes) {
        if (node.category != Category::source) continue;
        auto errors = stage.replace_source(node, file, test, catalogue);
        if (!errors.empty()) return tl::unexpected(std::move(errors));
    }
    stage.replace_sinks();
    stage.listen_to_outputs(test);
    stage.add_clock(test, *replay);
    return stage;
}

Diagnostics Stage::replace_source(NodeSpec& node, const TestFile& file, const TestSpec& test,
                                  const Catalogue& catalogue) {
    std::filesystem::path path = folder_->path() / (node.id + ".input");
    const auto given =
        std::find_if(test.inputs.begin(), test.inputs.end(),
                     [&](const TestInput& input) { return input.source == node.id; });
    if (given != test.inputs.end() && !given->file.empty()) {
        path = std::filesystem::path(file.source.name()).parent_path() / given->file;
        if (!std::filesystem::is_regular_file(path)) {
            return {
                mistake(test.where,
                        fmt::format("there is no file '{}' for the source '{}' of the test '{}'",
                                    path.string(), node.id, test.name),
                        "the path starts at the folder of this file")};
        }
    } else {
        std::ofstream out(path, std::ios::binary);
        if (given != test.inputs.end()) {
            for (const runtime::TestLine& line : given->lines) out << line.text << '\n';
        }
    }
    if (!node.plugin->is(Trait::frames)) {
        become(node, *catalogue.find(Category::source, "replay"), path);
        return {};
    }
    OptionSetting* option = find_option(node, "path");
    if (option == nullptr) {
        return {mistake(node.where,
                        fmt::format("a test cannot say when messages reach the source '{}' of type "
                                    "'{}'",
                                    node.id, node.plugin->name),
                        "test a pipeline whose source is of type 'frames'")};
    }
    option->text = path.string();
    return {};
}

void Stage::replace_sinks() {
    auto& nodes = pipeline_.nodes;
    for (NodeSpec& node : nodes) {
        if (node.category == Category::sink) listen(node.id, node.id, std::move(node.inputs));
    }
    std::erase_if(nodes, [](const NodeSpec& node) { return node.category == Category::sink; });
    pipeline_.checkpoint_store.clear();
    pipeline_.dead_letter_store.clear();
    pipeline_.dead_letter_file.clear();
}

void Stage::listen_to_outputs(const TestSpec& test) {
    for (const runtime::TestExpectation& one : test.expectations) {
        if (listeners_.contains(one.output)) continue;
        listen(one.output, fmt::format("test.{}", listeners_.size()), {output_of(one.output)});
    }
    std::vector<InputSpec> errors;
    for (const NodeSpec& node : pipeline_.nodes) {
        if (node.category == Category::source) errors.push_back(output_of(node.id + ".errors"));
    }
    listen(refused_output, refused_output, std::move(errors));
}

/// The clock is a source of its own whose records nobody reads: they only carry engine time on.
void Stage::add_clock(const TestSpec& test, const PluginDescription& replay) {
    std::set<Time> times;
    for (const TestInput& input : test.inputs) times.insert(input.clock.begin(), input.clock.end());
    if (times.empty()) return;
    const std::filesystem::path path = folder_->path() / "clock";
    std::ofstream out(path);
    for (const Time time : times) {
        out << fmt::format(
            R"({{"ts":{},"venue":"clock","symbol":"clock","kind":"price","price":1}})"
            "\n",
            time / millisecond);
    }
    NodeSpec clock;
    clock.id = clock_id;
    clock.category = Category::source;
    clock.where = test.where;
    clock.emits = {Kind::price};
    become(clock, replay, path);
    auto& nodes = pipeline_.nodes;
    const auto first_other = std::find_if(nodes.begin(), nodes.end(), [](const NodeSpec& node) {
        return node.category != Category::source;
    });
    nodes.insert(first_other, std::move(clock));
    InputSpec ticks = output_of({});
    ticks.from = clock_id;
    listen("test.ticks", "test.ticks", {ticks});
}

void Stage::listen(const std::string& output, std::string id, std::vector<InputSpec> inputs) {
    listeners_[output] = {std::move(id), std::move(inputs), std::make_unique<LineSink>()};
}

std::vector<runtime::Tap> Stage::taps() {
    std::vector<runtime::Tap> taps;
    for (auto& [output, listener] : listeners_) {
        taps.push_back({listener.id, listener.sink.get(), listener.inputs});
    }
    return taps;
}

std::vector<std::string> Stage::lines(const std::string& output) const {
    return lines_of(listeners_.at(output));
}

std::vector<std::string> Stage::refused() const { return lines_of(listeners_.at(refused_output)); }

std::vector<std::string> Stage::lines_of(const Listener& listener) const {
    std::vector<std::string> lines = listener.sink->lines();
    for (std::string& line : lines) {
        for (const NodeSpec& node : pipeline_.nodes) {
            const std::string place = (folder_->path() / (node.id + ".input")).string();
            for (auto at = line.find(place); at != std::string::npos; at = line.find(place, at)) {
                line.replace(at, place.size(), node.id);
            }
        }
    }
    return lines;
}

}  // namespace spillway::cli
