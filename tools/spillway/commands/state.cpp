#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "arguments.hpp"
#include "commands/commands.hpp"
#include "exit_code.hpp"
#include "failure.hpp"
#include "runtime/run/open_store.hpp"
#include "runtime/spec/suggestions.hpp"
#include "state/checkpoint_view.hpp"

namespace spillway::cli {
namespace {

using runtime::Checkpoint;
using runtime::OpenStore;
using runtime::PipelineSpec;

struct StateArguments {
    PipelineArguments pipeline;
    std::filesystem::path data_dir = ".";
    std::string format = "text";
    std::string node, key;
    bool has_key = false;
    bool dry_run = false;

    [[nodiscard]] bool json() const { return format == "json"; }
    [[nodiscard]] Selection selection() const {
        return {node, has_key ? std::optional(key) : std::nullopt};
    }
};

/// Whether a command changes the store; one that only looks may do so while a run has it.
enum class Access { look, change };

/// Reads the checkpoint of the pipeline file and hands it on.
template <class Command>
int with_checkpoint(const StateArguments& arguments, Access access, Command command) {
    const runtime::Catalogue catalogue = scan_plugins(arguments.pipeline.plugin_dirs);
    const auto spec =
        load_pipeline(arguments.pipeline.file, catalogue, arguments.pipeline.load_options());
    if (!spec) return refuse(spec.error());
    auto store = OpenStore::create(*spec);
    if (!store) return refuse(store.error());
    if (access == Access::change) {
        if (Status status = store->open(arguments.data_dir); !status.ok()) {
            return fail(status, *spec);
        }
    }
    Checkpoint checkpoint;
    if (Status status = store->look(arguments.data_dir, checkpoint); !status.ok()) {
        return fail(status, *spec);
    }
    return command(*spec, checkpoint, *store);
}

int list(const StateArguments& arguments) {
    return with_checkpoint(arguments, Access::look,
                           [&](const PipelineSpec& spec, const Checkpoint& checkpoint, OpenStore&) {
                               const auto nodes = nodes_of(checkpoint, spec);
                               fmt::print("{}", arguments.json()
                                                    ? list_json(spec.name, checkpoint.info, nodes)
                                                    : list_text(spec.name, checkpoint.info, nodes));
                               return exit_ok;
                           });
}

/// Says what there is instead of a node or key without state.
int nothing_there(const Checkpoint& checkpoint, const Selection& selection) {
    std::vector<std::string_view> known;
    const auto rows = checkpoint.rows_of(selection.node);
    if (rows.empty()) {
        for (const auto& [id, unused] : checkpoint.nodes()) known.push_back(id);
        fmt::print(
            stderr, "spillway: there is no state of a node '{}'; {}\n", selection.node,
            known.empty() ? "there is none at all" : runtime::suggest(selection.node, known));
        return exit_usage;
    }
    for (const Checkpoint::Row& row : rows) known.push_back(row.key);
    fmt::print(stderr, "spillway: node '{}' has no state under the key '{}'; {}\n", selection.node,
               selection.key.value_or(""), runtime::suggest(selection.key.value_or(""), known));
    return exit_usage;
}

int show(const StateArguments& arguments) {
    return with_checkpoint(arguments, Access::look,
                           [&](const PipelineSpec&, const Checkpoint& checkpoint, OpenStore&) {
                               const Selection selection = arguments.selection();
                               const auto rows = selection.rows(checkpoint);
                               if (rows.empty())
                                   return static_cast<int>(nothing_there(checkpoint, selection));
                               fmt::print("{}", arguments.json() ? show_json(selection.node, rows)
                                                                 : show_text(selection.node, rows));
                               return static_cast<int>(exit_ok);
                           });
}

std::vector<PrunedRow> rows_to_prune(const StateArguments& arguments, const PipelineSpec& spec,
                                     const Checkpoint& checkpoint) {
    std::vector<PrunedRow> pruned;
    const auto add = [&](const std::string& node, const Checkpoint::Row& row) {
        pruned.push_back({node, row.key, row.part, row.bytes.size()});
    };
    if (!arguments.node.empty()) {
        for (const auto* row : arguments.selection().rows(checkpoint)) add(arguments.node, *row);
        return pruned;
    }
    for (const NodeState& node : nodes_of(checkpoint, spec)) {
        if (node.in_pipeline) continue;
        for (const Checkpoint::Row& row : checkpoint.rows_of(node.node)) add(node.node, row);
    }
    return pruned;
}

int prune(const StateArguments& arguments) {
    return with_checkpoint(
        arguments, arguments.dry_run ? Access::look : Access::change,
        [&](const PipelineSpec& spec, const Checkpoint& checkpoint, OpenStore& store) -> int {
            const std::vector<PrunedRow> pruned = rows_to_prune(arguments, spec, checkpoint);
            if (pruned.empty() && !arguments.node.empty()) {
                return nothing_there(checkpoint, arguments.selection());
            }
            if (!pruned.empty() && !arguments.dry_run) {
                std::vector<StateRow> deletions;
                for (const PrunedRow& row : pruned) {
                    deletions.push_back({row.node, row.key, row.part, 0, {}});
                }
                Status status = store.checkpoint().commit({checkpoint.info, deletions, false});
                if (!status.ok()) return fail(status, spec);
            }
            fmt::print("{}", arguments.json() ? prune_json(pruned, arguments.dry_run)
                                              : prune_text(pruned, arguments.dry_run));
            return exit_ok;
        });
}

/// What the three commands share.
CLI::App* add_command(CLI::App& state, const char* name, const char* summary, StateArguments& a) {
    CLI::App* const command = state.add_subcommand(name, summary);
    a.pipeline.add_to(*command);
    command->add_option("--data-dir", a.data_dir, "As for `run`: the store's path starts here")
        ->type_name("DIR")
        ->check(CLI::Validator(CLI::ExistingDirectory).description(""))
        ->capture_default_str();
    add_format(*command, a.format);
    return command;
}

void add_selection(CLI::App& command, StateArguments& a, bool required) {
    CLI::Option* const node = command.add_option("--node", a.node, "Only this node's state")
                                  ->type_name("ID")
                                  ->required(required);
    command.add_option("--key", a.key, "Only what it keeps under this key")
        ->type_name("KEY")
        ->needs(node);
}

}  // namespace

void add_state(CLI::App& app, Action& chosen) {
    CLI::App* const command =
        app.add_subcommand("state", "Look at the state that a pipeline keeps between runs");
    command->require_subcommand(1);
    command->footer(
        "Examples:\n"
        "  spillway state list pipeline.yaml                       nodes, keys, bytes\n"
        "  spillway state show pipeline.yaml --node risk --key BTC\n"
        "  spillway state prune pipeline.yaml --dry-run            of nodes that are gone\n"
        "  spillway state prune pipeline.yaml --node risk --key BTC\n"
        "\n"
        "To prune, the pipeline must not be running: its store has one writer at a time.");
    const auto a = std::make_shared<StateArguments>();

    CLI::App* const all =
        add_command(*command, "list", "The newest epoch, and what each node has", *a);
    all->callback([a, &chosen] { chosen = [a] { return list(*a); }; });

    CLI::App* const one = add_command(*command, "show", "State of a node, field by field", *a);
    add_selection(*one, *a, true);
    one->callback([a, one, &chosen] {
        a->has_key = one->count("--key") > 0;
        chosen = [a] { return show(*a); };
    });

    CLI::App* const less =
        add_command(*command, "prune",
                    "Remove state of nodes that the file does not have, or what you name", *a);
    add_selection(*less, *a, false);
    less->add_flag("--dry-run", a->dry_run, "Say what would be removed");
    less->callback([a, less, &chosen] {
        a->has_key = less->count("--key") > 0;
        chosen = [a] { return prune(*a); };
    });
}

}  // namespace spillway::cli
