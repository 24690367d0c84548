#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "arguments.hpp"
#include "commands/commands.hpp"
#include "exit_code.hpp"
#include "failure.hpp"
#include "letters/letter_box.hpp"
#include "letters/letter_text.hpp"
#include "letters/replay.hpp"

namespace spillway::cli {
namespace {

using runtime::PipelineSpec;

struct LetterArguments {
    PipelineArguments pipeline;
    std::filesystem::path data_dir = ".";
    std::string format = "text";
    LetterFilter filter;
    std::string since;
    std::size_t limit = 50;
    bool all = false;
    bool dry_run = false;

    [[nodiscard]] bool json() const { return format == "json"; }
};

int misused(std::string_view message) {
    fmt::print(stderr, "spillway: {}\n", message);
    return exit_usage;
}

/// Finds the letters of the pipeline file and hands those in question on.
template <class Command>
int with_letters(const LetterArguments& arguments, Command command) {
    const runtime::Catalogue catalogue = scan_plugins(arguments.pipeline.plugin_dirs);
    const auto spec =
        load_pipeline(arguments.pipeline.file, catalogue, arguments.pipeline.load_options());
    if (!spec) return refuse(spec.error());
    const auto box = LetterBox::find(*spec, arguments.data_dir);
    if (!box) return refuse(box.error());
    const Result<Letters> all = box->read();
    if (!all) return fail(all.error(), *spec);
    const Result<Letters> chosen = select(*all, arguments.filter);
    if (!chosen) return misused(chosen.error().message());
    return command(*spec, catalogue, *box, *chosen);
}

int list(const LetterArguments& arguments) {
    return with_letters(arguments,
                        [&](const PipelineSpec&, const runtime::Catalogue&, const LetterBox&,
                            const Letters& chosen) -> int {
                            const std::size_t shown = std::min(arguments.limit, chosen.size());
                            const Letters newest(chosen.end() - static_cast<std::ptrdiff_t>(shown),
                                                 chosen.end());
                            fmt::print("{}", arguments.json() ? list_json(newest, chosen.size())
                                                              : list_text(newest, chosen.size()));
                            return exit_ok;
                        });
}

int show(const LetterArguments& arguments) {
    return with_letters(arguments,
                        [&](const PipelineSpec&, const runtime::Catalogue&, const LetterBox&,
                            const Letters& chosen) -> int {
                            fmt::print("{}",
                                       arguments.json() ? show_json(chosen) : show_text(chosen));
                            return exit_ok;
                        });
}

int replay(const LetterArguments& arguments) {
    return with_letters(
        arguments,
        [&](const PipelineSpec& spec, const runtime::Catalogue& catalogue, const LetterBox& box,
            const Letters& chosen) -> int {
            if (spec.checkpoint_store.empty()) {
                return misused(
                    "a replay goes on from the pipeline's newest epoch, and this pipeline "
                    "keeps none: give it `checkpoint: {store: <id of a sqlite sink>}`");
            }
            const auto plan = ReplayPlan::make(spec, chosen);
            if (!plan) return refuse(plan.error());
            const bool complete = std::none_of(
                plan->skipped().begin(), plan->skipped().end(),
                [](const ReplayPlan::Skipped& skipped) { return skipped.letter.open(); });
            if (arguments.dry_run) {
                fmt::print("{}", arguments.json() ? plan_json(*plan) : plan_text(*plan));
                return exit_ok;
            }
            ReplayResult result;
            if (!plan->letters().empty()) {
                auto ran = replay_letters(spec, catalogue, arguments.data_dir, box, *plan);
                if (!ran) return refuse(ran.error());
                result = std::move(*ran);
            }
            if (!result.status.ok()) {
                const std::string message(result.status.message());
                return fail(
                    {result.status.code(),
                     result.node.empty() ? message : fmt::format("{}: {}", result.node, message)},
                    spec);
            }
            fmt::print("{}",
                       arguments.json() ? replay_json(*plan, result) : replay_text(*plan, result));
            const bool handled = std::all_of(result.outcomes.begin(), result.outcomes.end(),
                                             [](const LetterOutcome& one) { return one.handled; });
            return complete && handled ? exit_ok : exit_failed;
        });
}

CLI::App* add_command(CLI::App& letters, const char* name, const char* summary,
                      LetterArguments& a) {
    CLI::App* const command = letters.add_subcommand(name, summary);
    a.pipeline.add_to(*command);
    command->add_option("--data-dir", a.data_dir, "As for `run`: paths of sinks start here")
        ->type_name("DIR")
        ->check(CLI::Validator(CLI::ExistingDirectory).description(""))
        ->capture_default_str();
    add_format(*command, a.format);
    return command;
}

CLI::Option* add_ids(CLI::App& command, LetterArguments& a) {
    return command.add_option("id", a.filter.ids, "Letters: ids, or their first digits")
        ->type_name("ID");
}

CLI::Option* add_node(CLI::App& command, LetterArguments& a) {
    return command.add_option("--node", a.filter.node, "Only letters of this node")
        ->type_name("NODE");
}

std::string check_since(const std::string& text) {
    if (parse_since(text)) return {};
    return "'" + text + "' is no time: write 2026-02-05 or 2026-02-05T20:25 (UTC)";
}

void add_list(CLI::App& letters, const std::shared_ptr<LetterArguments>& a, Action& chosen) {
    CLI::App* const command = add_command(letters, "list", "The newest letters, a line each", *a);
    add_node(*command, *a);
    command->add_option("--since", a->since, "Only letters from this engine time on")
        ->type_name("TIME")
        ->check(CLI::Validator(check_since, ""));
    command->add_flag("--open", a->filter.open_only, "Only letters that no replay has handled");
    command->add_option("--limit", a->limit, "How many, at most")
        ->type_name("N")
        ->capture_default_str();
    command->callback([a, &chosen] {
        if (!a->since.empty()) a->filter.since = parse_since(a->since);
        chosen = [a] { return list(*a); };
    });
}

void add_replay(CLI::App& letters, const std::shared_ptr<LetterArguments>& a, Action& chosen) {
    CLI::App* const command =
        add_command(letters, "replay", "Send letters through the pipeline once more", *a);
    CLI::Option* const ids = add_ids(*command, *a);
    CLI::Option* const node = add_node(*command, *a);
    CLI::Option* const all = command->add_flag("--all", a->all, "All letters that are open");
    ids->excludes(node)->excludes(all);
    command->add_flag("--dry-run", a->dry_run, "Say what would be replayed");
    command->footer(
        "Repair the plugin, its options or the pipeline file first, then:\n"
        "  spillway dead-letters replay pipeline.yaml --all\n"
        "\n"
        "The pipeline must not be running. It goes on from its newest epoch with the letters as\n"
        "its only input: lines go through the same source, messages through the same decoder,\n"
        "events to the node that refused them, with the ids and event times they had, so that no\n"
        "row is doubled. Letters that are handled are marked as replayed; those refused again\n"
        "stay, with one attempt more. The next run goes on where the last one stopped.\n"
        "\n"
        "Exit code 1 if a letter was refused again or cannot be replayed.");
    command->callback([a, ids, &chosen] {
        if (ids->count() == 0 && a->filter.node.empty() && !a->all) {
            throw CLI::RequiredError("ID..., --node or --all");
        }
        a->filter.open_only = ids->count() == 0;
        chosen = [a] { return replay(*a); };
    });
}

}  // namespace

void add_dead_letters(CLI::App& app, Action& chosen) {
    CLI::App* const command = app.add_subcommand(
        "dead-letters", "Look at records that nobody could handle, and send them in again");
    command->require_subcommand(1);
    command->footer(
        "Examples:\n"
        "  spillway dead-letters list pipeline.yaml --node markets\n"
        "  spillway dead-letters list pipeline.yaml --open --since 2026-02-05\n"
        "  spillway dead-letters show pipeline.yaml 3f2a91\n"
        "  spillway dead-letters replay pipeline.yaml --all --dry-run\n"
        "\n"
        "`list` and `show` may be used while the pipeline runs.");
    const auto a = std::make_shared<LetterArguments>();
    add_list(*command, a, chosen);
    CLI::App* const one = add_command(*command, "show", "Everything about letters", *a);
    add_ids(*one, *a)->required();
    one->callback([a, &chosen] { chosen = [a] { return show(*a); }; });
    add_replay(*command, a, chosen);
}

}  // namespace spillway::cli
