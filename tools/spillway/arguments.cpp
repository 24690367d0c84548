#include "arguments.hpp"

#include "runtime/load/search_path.hpp"

namespace spillway::cli {
namespace {

std::string check_assignment(const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals != std::string::npos && equals > 0) return {};
    return "'" + text + "' is not path=value; for example --set transforms.alerts.critical=80";
}

}  // namespace

CLI::Option* add_format(CLI::App& command, std::string& format) {
    return command.add_option("--format", format, "Output for people or for programs")
        ->check(CLI::IsMember({"text", "json"}))
        ->type_name("FORMAT")
        ->capture_default_str();
}

void add_plugin_dirs(CLI::App& command, std::vector<std::filesystem::path>& folders) {
    command
        .add_option("--plugin-dir", folders,
                    "Search this folder for plugins first (repeatable); then "
                    "SPILLWAY_PLUGIN_PATH and the installation")
        ->type_name("DIR")
        ->check(CLI::Validator(CLI::ExistingDirectory).description(""))
        ->allow_extra_args(false);
}

runtime::Catalogue scan_plugins(const std::vector<std::filesystem::path>& plugin_dirs) {
    return runtime::Catalogue::scan(runtime::plugin_folders(plugin_dirs));
}

void PipelineArguments::add_to(CLI::App& command) {
    command.add_option("file", file, "Pipeline file (YAML)")->type_name("FILE")->required();
    command
        .add_option("--set", sets,
                    "Replace a value of the file (repeatable), written as in YAML: "
                    "--set transforms.alerts.critical=80")
        ->type_name("PATH=VALUE")
        ->check(CLI::Validator(check_assignment, ""))
        ->allow_extra_args(false);
    add_plugin_dirs(command, plugin_dirs);
}

runtime::LoadOptions PipelineArguments::load_options() const {
    runtime::LoadOptions options;
    for (const std::string& text : sets) {
        const std::size_t equals = text.find('=');
        options.overrides.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
    return options;
}

}  // namespace spillway::cli
