#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "runtime/spec/engine_options.hpp"
#include "runtime/spec/node_draft.hpp"
#include "runtime/spec/suggestions.hpp"

namespace spillway::runtime {
namespace {

std::string_view name_of(Category category) {
    return category_names[static_cast<std::size_t>(category)];
}

/// Why the catalogue lacks a plugin of that name, as far as it knows.
std::string why_missing(const Catalogue& catalogue, Category category, std::string_view type) {
    for (const PluginProblem& problem : catalogue.problems()) {
        if (problem.file.stem() == type) {
            return fmt::format("{} was refused: {}; {}", problem.file.string(), problem.reason,
                               problem.fix);
        }
    }
    for (const NodeMap& map : node_maps) {
        if (map.category != category && catalogue.find(map.category, type) != nullptr) {
            return fmt::format("'{}' is a {}: put it under '{}'", type, name_of(map.category),
                               map.key);
        }
    }
    std::vector<std::string_view> known;
    for (const PluginDescription& plugin : catalogue.plugins()) {
        if (plugin.category == category) known.push_back(plugin.name);
    }
    std::string help = known.empty() ? std::string("no plugins were found; see --plugin-dir")
                                     : suggest(type, known);
    // A folder or lock that is refused may hide a plugin of any name.
    for (const PluginProblem& problem : catalogue.problems()) {
        if (problem.file.extension() == ".so") continue;
        help += fmt::format("; {} was refused: {}; {}", problem.file.string(), problem.reason,
                            problem.fix);
    }
    return help;
}

const PluginDescription* find_plugin(const Catalogue& catalogue, Category category,
                                     const std::string& type, const Location& where,
                                     const std::string& path, Findings& findings) {
    const PluginDescription* plugin = catalogue.find(category, type);
    if (plugin == nullptr) {
        findings.error(where, path,
                       fmt::format("there is no {} {}", name_of(category), in_quotes(type)),
                       why_missing(catalogue, category, type));
    }
    return plugin;
}

/// The suggestion for an id against the rule: "try 'big_trades'".
std::string repaired_id(std::string_view text) {
    std::string id;
    for (const char c : text) {
        const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        id += lower == '-' || lower == ' ' || lower == '.' ? '_' : lower;
    }
    return is_id(id) ? fmt::format("try '{}'", id) : std::string();
}

/// Fills one node; every step reports its own mistakes.
class NodeReader {
public:
    NodeReader(const YamlEntry& entry, const Catalogue& catalogue, const ValueReader& reader,
               bool without_places, NodeDraft& draft)
        : entry_(entry),
          catalogue_(catalogue),
          reader_(reader),
          without_places_(without_places),
          draft_(draft) {}

    void read() {
        NodeSpec& spec = draft_.spec;
        if (!is_id(spec.id)) {
            error(entry_.key.where, draft_.path,
                  fmt::format("{} is no id: {}", in_quotes(spec.id), id_rule),
                  repaired_id(spec.id));
        }
        if (!entry_.value.is_map()) {
            error(entry_.place(), draft_.path,
                  fmt::format("expected a map with 'type' and the options of a {}, got {}",
                              name_of(spec.category), describe(entry_.value.type)));
            draft_.flawed = true;
            return;
        }
        read_type();
        if (spec.plugin != nullptr) {
            read_options();
            read_venue();
            check_keys();
        }
        read_run();
        read_inputs_key();
        draft_.flawed = draft_.flawed || spec.plugin == nullptr;
    }

private:
    void error(const Location& where, const std::string& path, std::string message,
               std::string suggestion = {}) const {
        reader_.findings().error(where, path, std::move(message), std::move(suggestion));
    }
    void read_type() const {
        const Category category = draft_.spec.category;
        const std::string path = draft_.path + ".type";
        const YamlEntry* type = entry_.value.find("type");
        if (type == nullptr) {
            error(entry_.key.where, path,
                  fmt::format("'type' is missing: it names the {} plugin", name_of(category)),
                  "see 'spillway plugins list'");
            return;
        }
        YamlNode value = type->value;
        if (value.is_null() && !value.text.empty()) value.type = YamlNode::Type::scalar;
        const auto name = reader_.text(value, type->place(), path, "the name of a plugin");
        if (!name) return;
        draft_.spec.plugin =
            find_plugin(catalogue_, category, *name, type->place(), path, reader_.findings());
    }
    void read_options() const {
        NodeSpec& spec = draft_.spec;
        for (const OptionDescription& option : spec.plugin->options) {
            const bool left_out =
                without_places_ && (spec.category == Category::sink ||
                                    (spec.category == Category::source && option.name == "path"));
            auto settings = left_out ? unset(option)
                                     : reader_.settings(&entry_.value, entry_.key.where,
                                                        draft_.path, {&option, 1});
            spec.options.push_back(std::move(settings.front()));
        }
    }
    [[nodiscard]] std::vector<OptionSetting> unset(const OptionDescription& option) const {
        OptionSetting setting;
        setting.description = &option;
        setting.path = draft_.path + "." + option.name;
        return {setting};
    }
    /// A source of raw frames names its decoder, whose options stand beside the source's own.
    void read_venue() const {
        NodeSpec& spec = draft_.spec;
        if (!spec.plugin->is(Trait::frames)) return;
        const auto option = std::find_if(
            spec.options.begin(), spec.options.end(),
            [](const OptionSetting& setting) { return setting.description->name == "venue"; });
        draft_.flawed = true;
        if (option == spec.options.end() || option->text.empty()) return;
        const bool written = option->where.line > 0 || option->origin == Origin::override;
        spec.venue =
            find_plugin(catalogue_, Category::venue, option->text,
                        written ? option->where : spec.where, option->path, reader_.findings());
        if (spec.venue == nullptr) return;
        draft_.flawed = false;
        spec.venue_options =
            reader_.settings(&entry_.value, entry_.key.where, draft_.path, spec.venue->options);
    }
    void check_keys() const {
        const NodeSpec& spec = draft_.spec;
        std::vector<std::string_view> known;
        known.reserve(spec.plugin->options.size() + node_keys.size());
        for (const OptionDescription& option : spec.plugin->options) known.push_back(option.name);
        if (spec.venue != nullptr) {
            for (const auto& option : spec.venue->options) known.push_back(option.name);
        } else if (spec.plugin->is(Trait::frames)) {
            return;  // an unknown venue may have any option
        }
        for (const std::string_view key : node_keys) {
            if (key != "inputs" || spec.category != Category::source) known.push_back(key);
        }
        // Reported in its own words, where it is looked for.
        if (spec.category == Category::source) known.emplace_back("inputs");
        for (const YamlEntry& entry : entry_.value.entries) {
            const std::string& key = entry.key.text;
            const bool unknown = std::find(known.begin(), known.end(), key) == known.end();
            if (unknown && !run_option_owners(key).empty()) {
                error(entry.key.where, draft_.path + "." + key,
                      fmt::format("'{}' is an option of the engine", key),
                      fmt::format("put it under 'run:' ({})", run_option_owners(key)));
                known.push_back(key);
            }
        }
        reader_.unknown_keys(
            entry_.value, draft_.path,
            fmt::format("option of the {} '{}'", name_of(spec.category), spec.plugin->name), known);
    }
    void read_run() const {
        NodeSpec& spec = draft_.spec;
        const std::string path = draft_.path + ".run";
        const YamlEntry* run = entry_.value.find("run");
        const YamlNode* map = run != nullptr ? &run->value : nullptr;
        if (map != nullptr && !map->is_map() && !map->is_null()) {
            error(run->place(), path,
                  fmt::format("expected a map of engine options, got {}", describe(map->type)));
            map = nullptr;
        }
        const auto options = run_options(spec.category);
        spec.run_settings = reader_.settings(map, spec.where, path, options);
        spec.run = to_run_options(spec.run_settings);
        if (map == nullptr) return;
        std::vector<std::string_view> known;
        for (const OptionDescription& option : options) known.push_back(option.name);
        for (const YamlEntry& entry : map->entries) {
            const std::string& key = entry.key.text;
            const std::string owners = run_option_owners(key);
            if (owners.empty() || std::find(known.begin(), known.end(), key) != known.end()) {
                continue;
            }
            error(entry.key.where, fmt::format("{}.{}", path, key),
                  fmt::format("'{}' has no meaning for a {}", key, name_of(spec.category)),
                  fmt::format("it is an option of {}", owners));
            known.push_back(key);
        }
        reader_.unknown_keys(*map, path,
                             fmt::format("engine option of a {}", name_of(spec.category)), known);
        check_parallelism();
    }
    void check_parallelism() const {
        const NodeSpec& spec = draft_.spec;
        if (spec.run.parallelism == 1 || spec.plugin == nullptr) return;
        if (spec.plugin->is(Trait::keyed)) return;
        error(spec.run_settings.front().where, spec.run_settings.front().path,
              fmt::format("'{}' has no key to be split by and runs as one", spec.plugin->name),
              "remove 'parallelism'");
    }
    void read_inputs_key() const {
        const std::string path = draft_.path + ".inputs";
        const YamlEntry* inputs = entry_.value.find("inputs");
        const bool is_source = draft_.spec.category == Category::source;
        if (inputs == nullptr) {
            if (is_source) return;
            error(entry_.key.where, path, "'inputs' is missing: it names the nodes to read from",
                  "add 'inputs: [id]'");
        } else if (is_source) {
            error(inputs->key.where, path, "a source has no inputs", "remove 'inputs'");
        } else {
            draft_.inputs = read_inputs(*inputs, path, reader_);
        }
        draft_.flawed = draft_.flawed || (!is_source && draft_.inputs.empty());
    }

    const YamlEntry& entry_;
    const Catalogue& catalogue_;
    const ValueReader& reader_;
    bool without_places_;
    NodeDraft& draft_;
};

}  // namespace

NodeDraft read_node(const YamlEntry& entry, Category category, std::string_view map_key,
                    const Catalogue& catalogue, const ValueReader& reader, bool without_places) {
    NodeDraft draft;
    draft.spec.id = entry.key.text;
    draft.spec.category = category;
    draft.spec.where = entry.key.where;
    draft.path = fmt::format("{}.{}", map_key, entry.key.text);
    NodeReader(entry, catalogue, reader, without_places, draft).read();
    return draft;
}

}  // namespace spillway::runtime
