#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "arguments.hpp"
#include "commands/commands.hpp"
#include "exit_code.hpp"
#include "runtime/load/describe.hpp"
#include "runtime/spec/suggestions.hpp"

namespace spillway::cli {
namespace {

using runtime::Catalogue;
using runtime::PluginDescription;

struct PluginsArguments {
    std::vector<std::filesystem::path> plugin_dirs;
    std::string format = "text";
    std::string name;

    [[nodiscard]] bool json() const { return format == "json"; }
};

int list(const PluginsArguments& arguments) {
    const Catalogue catalogue = scan_plugins(arguments.plugin_dirs);
    fmt::print("{}", arguments.json() ? list_json(catalogue) : list_text(catalogue));
    return exit_ok;
}

/// Text: every plugin of that name (a source and a venue may share one). JSON: a list of them.
int describe(const PluginsArguments& arguments) {
    const Catalogue catalogue = scan_plugins(arguments.plugin_dirs);
    std::vector<std::string> found;
    std::vector<std::string_view> names;
    for (const PluginDescription& plugin : catalogue.plugins()) {
        names.push_back(plugin.name);
        if (plugin.name != arguments.name) continue;
        found.push_back(arguments.json() ? describe_json(plugin) : describe_text(plugin));
    }
    if (found.empty()) {
        fmt::print(stderr, "spillway: no plugin is named '{}'; {}\n", arguments.name,
                   runtime::suggest(arguments.name, names));
        return exit_usage;
    }
    for (const std::string& text : found) fmt::print("{}", text);
    return exit_ok;
}

}  // namespace

void add_plugins(CLI::App& app, Action& chosen) {
    CLI::App* const command = app.add_subcommand(
        "plugins", "List and describe plugins, which runs none of their code; make and check them");
    command->require_subcommand(1);
    command->footer(
        "Examples:\n"
        "  spillway plugins list\n"
        "  spillway plugins describe liquidation_risk\n"
        "  spillway plugins describe replay --format json\n"
        "  spillway plugins new transform big_trades\n"
        "  spillway plugins check build/big_trades.so");
    const auto arguments = std::make_shared<PluginsArguments>();

    CLI::App* const all = command->add_subcommand("list", "What pipelines can be made of");
    add_plugin_dirs(*all, arguments->plugin_dirs);
    add_format(*all, arguments->format);
    all->callback([arguments, &chosen] { chosen = [arguments] { return list(*arguments); }; });

    CLI::App* const one = command->add_subcommand(
        "describe", "What a plugin takes and emits, its options, and an example to paste");
    one->add_option("name", arguments->name, "As in `type:` of a pipeline file")
        ->type_name("NAME")
        ->required();
    add_plugin_dirs(*one, arguments->plugin_dirs);
    add_format(*one, arguments->format);
    one->callback([arguments, &chosen] { chosen = [arguments] { return describe(*arguments); }; });

    add_plugins_new(*command, chosen);
    add_plugins_check(*command, chosen);
}

}  // namespace spillway::cli
