#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "arguments.hpp"
#include "commands/commands.hpp"
#include "exit_code.hpp"
#include "failure.hpp"
#include "run/result_files.hpp"
#include "runtime/spec/json_schema.hpp"

namespace spillway::cli {
namespace {

struct SchemaArguments {
    std::vector<std::filesystem::path> plugin_dirs;
    std::filesystem::path out;
};

int schema(const SchemaArguments& arguments) {
    const std::string text = runtime::json_schema(scan_plugins(arguments.plugin_dirs));
    if (arguments.out.empty()) {
        fmt::print("{}", text);
        return exit_ok;
    }
    const Status written = replace_file(arguments.out, text);
    if (written.ok()) return exit_ok;
    return fail(written);
}

}  // namespace

void add_schema(CLI::App& app, Action& chosen) {
    CLI::App* const command = app.add_subcommand(
        "schema", "Print the JSON Schema of pipeline files, with every plugin that is found");
    command->footer(
        "Editors complete and check keys with it: let the first line of a pipeline file be\n"
        "  # yaml-language-server: $schema=../schemas/pipeline.schema.json\n"
        "\n"
        "With plugins of your own:\n"
        "  spillway schema --plugin-dir build/plugins --out schemas/pipeline.schema.json");
    const auto arguments = std::make_shared<SchemaArguments>();
    command->add_option("--out", arguments->out, "Write to this file instead")->type_name("FILE");
    add_plugin_dirs(*command, arguments->plugin_dirs);
    command->callback(
        [arguments, &chosen] { chosen = [arguments] { return schema(*arguments); }; });
}

}  // namespace spillway::cli
