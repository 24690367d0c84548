#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "arguments.hpp"
#include "commands/commands.hpp"
#include "exit_code.hpp"
#include "scaffold/scaffold.hpp"

namespace spillway::cli {
namespace {

struct NewArguments {
    std::string category;
    std::string name;
    std::filesystem::path dir;
};

int make(const NewArguments& arguments) {
    NewPlugin plugin;
    for (std::size_t i = 0; i < category_names.size(); ++i) {
        if (category_names[i] == arguments.category) plugin.category = static_cast<Category>(i);
    }
    plugin.name = arguments.name;
    plugin.dir = arguments.dir;
    plugin.working_dir = std::filesystem::current_path();
    // Of two plugins of a name, the one found first hides the other.
    const runtime::Catalogue catalogue = scan_plugins({});
    if (const auto* other = catalogue.find(plugin.category, plugin.name)) {
        fmt::print(stderr, "spillway: there is a {} '{}', {}; choose another name\n",
                   arguments.category, plugin.name, other->file.string());
        return exit_usage;
    }
    const Installation here{std::filesystem::read_symlink("/proc/self/exe")};
    const Result<Scaffold> made = make_plugin(plugin, here);
    if (!made) {
        fmt::print(stderr, "spillway: {}\n", made.error().message());
        return made.error().code() == Code::bad_option ? exit_usage : exit_failed;
    }
    fmt::print("{} '{}' in {}\n", arguments.category, plugin.name, made->place.folder.string());
    for (const auto& file : made->files) fmt::print("  {}\n", file.string());
    if (made->place.in_tree()) {
        fmt::print(
            "Before you commit it: `spillway schema --out schemas/pipeline.schema.json`, and a "
            "line in\nplugins/README.md.\n");
    }
    fmt::print("\nNext:\n");
    for (const std::string& command : made->commands) fmt::print("  {}\n", command);
    return exit_ok;
}

}  // namespace

void add_plugins_new(CLI::App& plugins, Action& chosen) {
    CLI::App* const command =
        plugins.add_subcommand("new", "Make a plugin that builds and passes its tests at once");
    command->footer(
        "In a checkout of Spillway the plugin becomes a part of it, plugins/<category>s/NAME;\n"
        "anywhere else it is a project of its own, DIR/NAME. Nothing that exists is changed.\n"
        "\n"
        "Examples:\n"
        "  spillway plugins new transform big_trades\n"
        "  spillway plugins new venue bitfinex --dir ~/plugins");
    const auto arguments = std::make_shared<NewArguments>();
    command->add_option("category", arguments->category, "source, transform, scorer, sink or venue")
        ->type_name("CATEGORY")
        ->check(CLI::IsMember({"source", "transform", "scorer", "sink", "venue"}))
        ->required();
    command->add_option("name", arguments->name, "As in `type:` of a pipeline file: big_trades")
        ->type_name("NAME")
        ->required();
    command->add_option("--dir", arguments->dir, "Make the folder NAME in this one")
        ->type_name("DIR");
    command->callback([arguments, &chosen] { chosen = [arguments] { return make(*arguments); }; });
}

}  // namespace spillway::cli
