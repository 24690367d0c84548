#include "runtime/spec/load_pipeline.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "runtime/spec/engine_options.hpp"
#include "runtime/spec/findings.hpp"
#include "runtime/spec/graph_checks.hpp"
#include "runtime/spec/node_draft.hpp"
#include "runtime/spec/overrides.hpp"
#include "runtime/spec/source_file.hpp"
#include "runtime/spec/suggestions.hpp"
#include "runtime/spec/test_reader.hpp"
#include "runtime/spec/yaml_keys.hpp"

namespace spillway::runtime {
namespace {

std::string name_from(const std::filesystem::path& file) {
    std::string name = file.stem().string();
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == '-' || c == '.' || c == ' '; }, '_');
    return name;
}

/// Builds a spec from a parsed document; mistakes go to the findings.
class PipelineReader {
public:
    PipelineReader(const YamlNode& root, const SourceText& source, const Catalogue& catalogue,
                   const ValueReader& reader, bool without_places)
        : root_(root),
          start_{source.name(), 1, 1},
          catalogue_(catalogue),
          reader_(reader),
          without_places_(without_places) {}

    [[nodiscard]] PipelineSpec read(const std::filesystem::path& file) {
        PipelineSpec spec;
        spec.file = file;
        if (!root_.is_map()) {
            error(root_.is_null() ? start_ : root_.where, {},
                  fmt::format("a pipeline is a map with sources and sinks, got {}",
                              describe(root_.type)));
            return spec;
        }
        check_keys(root_, reader_.findings());
        reader_.unknown_keys(root_, {}, "key of a pipeline", pipeline_keys);
        read_nodes();
        const std::vector<std::size_t> order = check_graph();
        read_name(spec);
        read_checkpoint(spec);
        read_dead_letters(spec);
        for (const std::size_t position : order) spec.nodes.push_back(finish(drafts_[position]));
        check_tests(spec);
        return spec;
    }

private:
    void error(const Location& where, const std::string& path, std::string message,
               std::string suggestion = {}) const {
        reader_.findings().error(where, path, std::move(message), std::move(suggestion));
    }

    void read_nodes() {
        for (const NodeMap& map : node_maps) read_map(map);
        const auto rank = [](const NodeDraft& draft) {
            return std::tuple(draft.spec.category != Category::source, draft.spec.where.line,
                              draft.spec.where.column);
        };
        std::stable_sort(drafts_.begin(), drafts_.end(),
                         [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
    }
    void read_map(const NodeMap& map) {
        const YamlEntry* entry = root_.find(map.key);
        const bool needed = map.category == Category::source || map.category == Category::sink;
        const std::string key(map.key);
        if (entry != nullptr && !entry->value.is_map() && !entry->value.is_null()) {
            error(entry->place(), key,
                  fmt::format("expected a map from ids to {}, got {}", key,
                              describe(entry->value.type)),
                  "write 'id:' before each, without '-'");
            unread_maps_ = true;
        } else if (needed && (entry == nullptr || entry->value.entries.empty())) {
            error(entry != nullptr ? entry->key.where : start_, key,
                  fmt::format("the pipeline has no {}", key),
                  fmt::format("add '{}:' with at least one", key));
            unread_maps_ = true;
        }
        if (entry == nullptr) return;
        for (const YamlEntry& node : entry->value.entries) {
            if (!node.key.is_scalar() || node.key.text == "<<") continue;
            drafts_.push_back(
                read_node(node, map.category, map.key, catalogue_, reader_, without_places_));
        }
    }

    [[nodiscard]] std::vector<std::size_t> check_graph() {
        Findings& findings = reader_.findings();
        check_unique_ids(drafts_, findings);
        resolve_inputs(drafts_, findings);
        std::vector<std::size_t> order = topological_order(drafts_, findings);
        propagate_kinds(drafts_, order, findings);
        if (!unread_maps_) check_all_used(drafts_, findings);
        check_sink_targets(drafts_, findings);
        return order;
    }

    void read_name(PipelineSpec& spec) const {
        auto settings = reader_.settings(&root_, start_, "", pipeline_options());
        OptionSetting& name = settings.front();
        if (root_.find("name") == nullptr) name.text = name_from(spec.file);
        if (!reader_.findings().failed() && !is_id(name.text)) {
            error(
                name.where.line > 0 || name.origin == Origin::override ? name.where : start_,
                "name", fmt::format("{} is no name: {}", in_quotes(name.text), id_rule),
                name.origin == Origin::fallback ? "add 'name:'; the file's name does not do" : "");
        }
        if (name.secret) {
            error(name.where, "name", "the name of a pipeline cannot be a secret");
        }
        spec.name = name.text;
        spec.settings = std::move(settings);
    }

    /// `checkpoint` or `dead_letters`; empty if the file has no such key.
    std::vector<OptionSetting> read_section(std::string_view key,
                                            std::span<const OptionDescription> options,
                                            PipelineSpec& spec) const {
        const YamlEntry* entry = root_.find(key);
        if (entry == nullptr) return {};
        if (!entry->value.is_map()) {
            error(entry->place(), std::string(key),
                  fmt::format("expected a map such as {{store: id}}, got {}",
                              describe(entry->value.type)));
            return {};
        }
        std::vector<std::string_view> known;
        for (const OptionDescription& option : options) known.push_back(option.name);
        reader_.unknown_keys(entry->value, std::string(key), fmt::format("option of '{}'", key),
                             known);
        auto settings =
            reader_.settings(&entry->value, entry->key.where, std::string(key), options);
        spec.settings.insert(spec.settings.end(), settings.begin(), settings.end());
        return settings;
    }
    void read_checkpoint(PipelineSpec& spec) const {
        const auto settings = read_section("checkpoint", checkpoint_options(), spec);
        if (settings.empty()) return check_journals();
        const OptionSetting& store = settings[0];
        if (store.text.empty()) {
            const YamlEntry& section = *root_.find("checkpoint");
            const YamlEntry* written = section.value.find("store");
            if (written != nullptr && !written->value.is_scalar()) return;  // reported
            error(written != nullptr ? written->place() : section.key.where, store.path,
                  "'store' is missing: it names the sink that holds the checkpoint",
                  "add 'store: id'");
            return;
        }
        check_store(store);
        spec.checkpoint_store = store.text;
        spec.checkpoint_interval = settings[1].integer;
        spec.dead_letter_store = store.text;
    }
    /// Only a run that knows where it stands can go on from a journal.
    void check_journals() const {
        for (const NodeDraft& draft : drafts_) {
            if (draft.spec.run.journal.folder.empty()) continue;
            reader_.findings().warning(
                draft.spec.where, draft.path + ".run.journal",
                "the journal is never read back: this pipeline has no `checkpoint`",
                "add `checkpoint: {store: <id of a sqlite sink>}`, or use `spillway record`");
        }
    }
    void read_dead_letters(PipelineSpec& spec) const {
        const auto settings = read_section("dead_letters", dead_letter_options(), spec);
        if (settings.empty()) return;
        const OptionSetting& store = settings[0];
        const OptionSetting& file = settings[1];
        if (!store.text.empty()) check_store(store);
        if (store.text.empty() == file.text.empty()) {
            error(root_.find("dead_letters")->key.where, "dead_letters",
                  store.text.empty() ? "expected 'store' or 'file'"
                                     : "'store' and 'file' exclude each other");
        }
        spec.dead_letter_store = store.text;
        spec.dead_letter_file = file.text;
    }
    void check_store(const OptionSetting& store) const {
        std::vector<std::string_view> able;
        for (const NodeDraft& draft : drafts_) {
            const PluginDescription* plugin = draft.spec.plugin;
            const bool sink = draft.spec.category == Category::sink;
            if (sink && plugin != nullptr && plugin->is(Trait::checkpoints)) {
                able.push_back(draft.spec.id);
            }
            if (draft.spec.id == store.text && sink && plugin == nullptr) return;  // reported
        }
        if (std::find(able.begin(), able.end(), store.text) != able.end()) return;
        const bool is_node = std::any_of(drafts_.begin(), drafts_.end(), [&](const auto& draft) {
            return draft.spec.id == store.text;
        });
        error(store.where, store.path,
              is_node ? fmt::format("'{}' cannot hold it: that takes a sink with the trait "
                                    "'checkpoints'",
                                    store.text)
                      : fmt::format("there is no sink {}", in_quotes(store.text)),
              suggest(store.text, able));
    }

    /// Tests name nodes: while some are missing here, nothing can be said of them.
    void check_tests(const PipelineSpec& spec) const {
        const YamlEntry* tests = root_.find("tests");
        const bool all_nodes = !unread_maps_ && spec.nodes.size() == drafts_.size();
        if (tests != nullptr && all_nodes) (void)read_tests(*tests, spec, reader_);
    }

    [[nodiscard]] static NodeSpec finish(NodeDraft& draft) {
        NodeSpec node = std::move(draft.spec);
        for (InputDraft& input : draft.inputs) node.inputs.push_back(std::move(input.spec));
        return node;
    }

    const YamlNode& root_;
    Location start_;
    const Catalogue& catalogue_;
    const ValueReader& reader_;
    bool without_places_;
    std::vector<NodeDraft> drafts_;
    bool unread_maps_ = false;  ///< a map of nodes is missing or broken
};

}  // namespace

tl::expected<PipelineSpec, Diagnostics> load_pipeline(const std::filesystem::path& file,
                                                      const Catalogue& catalogue,
                                                      const LoadOptions& options,
                                                      Diagnostics* warnings) {
    const auto read = read_source(file);
    if (!read) return tl::unexpected(read.error());
    const SourceText& source = *read;
    Findings findings(source, catalogue);
    auto root = parse_yaml(source);
    if (!root) {
        findings.error(root.error().where, {},
                       root.error().message + " (YAML; nothing after this was checked)",
                       root.error().suggestion);
        return tl::unexpected(findings.errors());
    }
    apply_overrides(*root, options.overrides, findings);
    const Interpolation interpolation(options.environment);
    const ValueReader reader(interpolation, findings);
    PipelineSpec spec =
        PipelineReader(*root, source, catalogue, reader, options.without_places).read(file);
    if (warnings != nullptr) *warnings = findings.warnings();
    if (findings.failed()) return tl::unexpected(findings.errors());
    return spec;
}

}  // namespace spillway::runtime
