#include "runtime/run/assembly.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "runtime/load/library.hpp"
#include "runtime/load/preflight.hpp"
#include "runtime/run/reentry.hpp"
#include "runtime/run/secrets.hpp"
#include "runtime/spec/option_value.hpp"

namespace spillway::runtime {
namespace {

/// Taps stand in the graph as sinks that come from no file.
const PluginDescription& tap_description() {
    static const PluginDescription description = [] {
        PluginDescription tap;
        tap.name = "tap";
        tap.category = Category::sink;
        tap.summary = "Listens inside the process";
        tap.consumes = KindSet::all();
        return tap;
    }();
    return description;
}

OptionValue value_of(const OptionSetting& setting, std::vector<std::string_view>& texts,
                     std::vector<std::pair<std::string_view, double>>& numbers) {
    OptionValue value;
    value.type = setting.description->type;
    value.integer = setting.integer;
    value.number = setting.number;
    value.text = setting.text;
    texts.assign(setting.texts.begin(), setting.texts.end());
    numbers.assign(setting.numbers.begin(), setting.numbers.end());
    value.texts = texts;
    value.numbers = numbers;
    return value;
}

Status configure(Plugin& plugin, std::span<const OptionSetting> settings) {
    std::vector<std::vector<std::string_view>> texts(settings.size());
    std::vector<std::vector<std::pair<std::string_view, double>>> numbers(settings.size());
    std::vector<OptionValue> values;
    values.reserve(settings.size());
    for (std::size_t i = 0; i < settings.size(); ++i) {
        values.push_back(value_of(settings[i], texts[i], numbers[i]));
    }
    return plugin.configure(values);
}

Diagnostic at(const Location& where, std::string path, std::string message) {
    Diagnostic diagnostic;
    diagnostic.file = where.file;
    diagnostic.line = where.line;
    diagnostic.column = where.column;
    diagnostic.path = std::move(path);
    diagnostic.message = std::move(message);
    return diagnostic;
}

/// Places a plugin's complaint about an option ("where[1]") at that option.
Diagnostic locate(const PipelineSpec& spec, const NodeSpec& node, const Status& status) {
    const std::string subject(status.subject());
    const std::string message = without_secrets(spec, std::string(status.message()));
    const std::string name = subject.substr(0, subject.find_first_of("[."));
    for (const auto* settings : {&node.options, &node.venue_options}) {
        for (const OptionSetting& setting : *settings) {
            if (setting.description->name != name) continue;
            const bool in_file = setting.where.line > 0;
            return at(in_file ? setting.where : node.where,
                      setting.path.empty() ? node.id + '.' + subject : setting.path,
                      fmt::format("'{}': {}", subject, message));
        }
    }
    return at(node.where, node.id, message);
}

class Assembler {
public:
    Assembler(const PipelineSpec& spec, std::span<const OpenSource> open)
        : spec_(spec), open_(open) {}

    tl::expected<Assembled, Diagnostics> assemble(const std::vector<Tap>& taps) {
        preflight_files();
        for (const NodeSpec& node : spec_.nodes) {
            Assembled::Entry& entry = result_.entries.emplace_back();
            if (node.plugin == &tap_description()) {
                const auto tap = std::find_if(taps.begin(), taps.end(),
                                              [&](const Tap& t) { return t.id == node.id; });
                entry.sink = tap->sink;
                entry.at_once = tap->at_once;
            } else if (node.plugin != &inlet_description()) {
                fill(entry, node);
            }
        }
        if (!diagnostics_.empty()) return tl::unexpected(std::move(diagnostics_));
        return std::move(result_);
    }

private:
    /// A static constructor that ends the process does so in a child first.
    void preflight_files() {
        std::vector<std::filesystem::path> files;
        const auto add = [&](const PluginDescription* plugin) {
            if (plugin == nullptr || plugin->file.empty()) return;
            if (std::find(files.begin(), files.end(), plugin->file) == files.end()) {
                files.push_back(plugin->file);
            }
        };
        for (const NodeSpec& node : spec_.nodes) {
            add(node.plugin);
            add(node.venue);
        }
        for (const PluginProblem& problem : preflight(files)) report(problem, spec_.nodes.front());
    }

    void report(const PluginProblem& problem, const NodeSpec& node) {
        Diagnostic diagnostic = at(
            node.where, node.id,
            fmt::format("plugin {} cannot be loaded: {}", problem.file.string(), problem.reason));
        diagnostic.suggestion = problem.fix;
        diagnostics_.push_back(std::move(diagnostic));
    }

    std::shared_ptr<Plugin> create(const PluginDescription& description, const NodeSpec& node) {
        if (!diagnostics_.empty()) return nullptr;
        auto plugin = Library::load(description.file).and_then([](const Library& library) {
            return library.create();
        });
        if (!plugin) {
            report(plugin.error(), node);
            return nullptr;
        }
        return std::move(*plugin);
    }

    bool take_open(Assembled::Entry& entry, const NodeSpec& node) const {
        const auto found = std::find_if(open_.begin(), open_.end(), [&](const OpenSource& source) {
            return source.node.id == node.id && goes_on_in(spec_, source.node, source.has_ids);
        });
        if (found == open_.end()) return false;
        entry.plugins.push_back(found->plugin);
        entry.venue = found->venue;
        entry.open = true;
        entry.has_ids = found->has_ids;
        return true;
    }

    bool make_plugins(Assembled::Entry& entry, const NodeSpec& node) {
        const std::uint32_t count = std::max(1U, node.run.parallelism);
        for (std::uint32_t i = 0; i < count; ++i) {
            auto plugin = create(*node.plugin, node);
            if (!plugin) return false;
            if (Status status = configure(*plugin, node.options); !status.ok()) {
                diagnostics_.push_back(locate(spec_, node, status));
                return false;
            }
            entry.plugins.push_back(std::move(plugin));
        }
        return true;
    }

    void fill(Assembled::Entry& entry, const NodeSpec& node) {
        if (!take_open(entry, node) && !make_plugins(entry, node)) return;
        entry.sink = entry.plugins.front()->sink();
        entry.source = entry.plugins.front()->source();
        if (node.venue == nullptr) return;
        entry.decoder = create(*node.venue, node);
        if (!entry.decoder) return;
        if (Status status = configure(*entry.decoder, node.venue_options); !status.ok()) {
            diagnostics_.push_back(locate(spec_, node, status));
        }
        if (!entry.open) entry.venue = entry.decoder;
    }

    const PipelineSpec& spec_;
    std::span<const OpenSource> open_;
    Assembled result_;
    Diagnostics diagnostics_;
};

/// Dead letters of all nodes as inputs of the sink that keeps them.
void route_dead_letters(PipelineSpec& spec, NodeSpec& store) {
    for (const NodeSpec& node : spec.nodes) {
        if (node.category == Category::sink) continue;
        InputSpec input;
        input.from = node.id;
        input.port = "errors";
        input.kinds = {Kind::extension};
        input.where = node.where;
        store.inputs.push_back(std::move(input));
    }
}

NodeSpec dead_letter_file(const PipelineSpec& spec, const PluginDescription& plugin) {
    NodeSpec node;
    node.id = "spillway.dead_letters";  // no id of a file has a dot
    node.category = Category::sink;
    node.plugin = &plugin;
    node.where.file = spec.file.string();
    for (const OptionDescription& option : plugin.options) {
        OptionSetting unset;
        unset.description = &option;
        OptionSetting& setting =
            node.options.emplace_back(fallback_setting(option).value_or(unset));
        if (option.name == "path") setting.text = spec.dead_letter_file;
        if (option.name == "append") setting.integer = 1;  // letters of earlier runs stay
    }
    return node;
}

}  // namespace

void complete_spec(PipelineSpec& spec, const Catalogue& catalogue, const std::vector<Tap>& taps) {
    for (const Tap& tap : taps) {
        NodeSpec node;
        node.id = tap.id;
        node.category = Category::sink;
        node.plugin = &tap_description();
        node.inputs = tap.choose ? tap.choose(spec) : tap.inputs;
        spec.nodes.push_back(std::move(node));
    }
    if (!spec.dead_letter_file.empty()) {
        if (const PluginDescription* file = catalogue.find(Category::sink, "file")) {
            spec.nodes.push_back(dead_letter_file(spec, *file));
            route_dead_letters(spec, spec.nodes.back());
        }
        return;
    }
    const std::string& store =
        spec.dead_letter_store.empty() ? spec.checkpoint_store : spec.dead_letter_store;
    for (NodeSpec& node : spec.nodes) {
        if (node.id == store && node.category == Category::sink) route_dead_letters(spec, node);
    }
}

tl::expected<Assembled, Diagnostics> assemble(const PipelineSpec& spec,
                                              const std::vector<Tap>& taps,
                                              std::span<const OpenSource> open) {
    return Assembler(spec, open).assemble(taps);
}

}  // namespace spillway::runtime
