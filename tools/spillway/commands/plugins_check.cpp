#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <spillway/time.hpp>

#include "arguments.hpp"
#include "check/check_plugin.hpp"
#include "commands/commands.hpp"
#include "exit_code.hpp"
#include "runtime/spec/suggestions.hpp"

namespace spillway::cli {
namespace {

namespace fs = std::filesystem;

struct CheckArguments {
    std::vector<std::string> plugins;
    std::vector<fs::path> plugin_dirs;
    std::vector<std::string> sets;
    fs::path case_file;
    fs::path fixtures;
    std::string timeout = "10s";
    std::uint64_t seed = 1;
    std::uint32_t cuttings = 8;
    std::vector<std::string> only;
    std::string format = "text";
};

/// What to say when the command line makes no sense.
struct UsageError {
    std::string message;
};

/// A file is a path or ends in .so; all else is the name of an installed plugin.
std::vector<fs::path> files_of(const CheckArguments& arguments) {
    std::vector<fs::path> files;
    std::optional<runtime::Catalogue> catalogue;
    for (const std::string& plugin : arguments.plugins) {
        if (plugin.find('/') != std::string::npos || plugin.ends_with(".so")) {
            files.emplace_back(plugin);
            continue;
        }
        if (!catalogue) catalogue = scan_plugins(arguments.plugin_dirs);
        const std::size_t before = files.size();
        std::vector<std::string_view> names;
        for (const runtime::PluginDescription& known : catalogue->plugins()) {
            names.push_back(known.name);
            if (known.name == plugin) files.push_back(known.file);
        }
        if (files.size() == before) {
            throw UsageError{fmt::format("no plugin is named '{}'; {}; a file is named by its path",
                                         plugin, runtime::suggest(plugin, names))};
        }
    }
    return files;
}

std::string in_shell(const std::string& word) {
    constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./=:,+-";
    return word.find_first_not_of(plain) == std::string::npos ? word : fmt::format("'{}'", word);
}

CheckSettings settings_for(const CheckArguments& arguments, const fs::path& file) {
    CheckSettings settings;
    settings.command = fmt::format("spillway plugins check {}", in_shell(file.string()));
    Duration timeout = 0;
    if (!parse_duration(arguments.timeout, timeout) || timeout < millisecond) {
        throw UsageError{
            fmt::format("--timeout: expected a duration such as 10s, got '{}'", arguments.timeout)};
    }
    settings.deadline = std::chrono::milliseconds(timeout / millisecond);
    settings.seed = arguments.seed;
    settings.cuttings = arguments.cuttings;
    settings.only = arguments.only;
    if (arguments.seed != 1) settings.command += fmt::format(" --seed {}", arguments.seed);

    settings.with.market.kinds = KindSet::all();
    const fs::path case_file =
        arguments.case_file.empty() ? find_case(file.stem().string()) : arguments.case_file;
    if (!case_file.empty()) {
        auto read = CheckCase::read(case_file);
        if (!read) throw UsageError{read.error()};
        settings.with = std::move(*read);
        settings.command += fmt::format(" --case {}", in_shell(case_file.string()));
    }
    for (const std::string& set : arguments.sets) {
        const std::size_t equals = set.find('=');
        std::string value = set.substr(equals + 1);
        // The plugin runs in another folder.
        std::error_code error;
        if (!value.empty() && fs::exists(value, error)) value = fs::absolute(value).string();
        settings.with.options.emplace_back(set.substr(0, equals), std::move(value));
        settings.command += fmt::format(" --set {}", in_shell(set));
    }
    if (!arguments.fixtures.empty()) {
        settings.with.fixtures = fixtures_in(arguments.fixtures);
        settings.command += fmt::format(" --fixtures {}", in_shell(arguments.fixtures.string()));
    }
    return settings;
}

int check(const CheckArguments& arguments) {
    std::vector<PluginReport> reports;
    try {
        for (const std::string& name : arguments.only) {
            const auto names = property_names();
            if (std::ranges::find(names, name) != names.end()) continue;
            throw UsageError{fmt::format("--only: there is no property '{}'; {}", name,
                                         runtime::suggest(name, names))};
        }
        const std::vector<fs::path> files = files_of(arguments);
        if (files.size() > 1 && !(arguments.sets.empty() && arguments.case_file.empty() &&
                                  arguments.fixtures.empty())) {
            throw UsageError{"--set, --case and --fixtures are for one plugin at a time"};
        }
        for (const fs::path& file : files) {
            auto report = check_plugin(file, settings_for(arguments, file));
            if (!report) throw UsageError{report.error()};
            reports.push_back(std::move(*report));
        }
    } catch (const UsageError& error) {
        fmt::print(stderr, "spillway: {}\n", error.message);
        return exit_usage;
    }
    fmt::print("{}", arguments.format == "json" ? report_json(reports) : report_text(reports));
    return std::ranges::all_of(reports, &PluginReport::passed) ? exit_ok : exit_failed;
}

std::string check_set(const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals != std::string::npos && equals > 0) return {};
    return "'" + text + "' is not name=value; for example --set every=1m";
}

}  // namespace

void add_plugins_check(CLI::App& plugins, Action& chosen) {
    const auto arguments = std::make_shared<CheckArguments>();
    CLI::App* const command = plugins.add_subcommand(
        "check", "Hold plugins against all that the engine relies on, in a process of their own");
    command->footer(
        "Options, recorded frames and events for a plugin come from a file check.yaml in its\n"
        "folder, see docs/plugins.md.\n"
        "\n"
        "Examples:\n"
        "  spillway plugins check build/my_filter.so\n"
        "  spillway plugins check window --set every=1m --only cutting,state\n"
        "  spillway plugins check my_venue.so --fixtures fixtures --format json\n"
        "\n"
        "Exit codes: 0 all properties hold (warnings allowed), 1 one fails, 2 wrong usage.");
    command->add_option("plugins", arguments->plugins, "Plugin files (.so), or names of plugins")
        ->type_name("FILE")
        ->required();
    command->add_option("--set", arguments->sets, "Value of an option (repeatable)")
        ->type_name("NAME=VALUE")
        ->check(CLI::Validator(check_set, ""))
        ->allow_extra_args(false);
    command->add_option("--case", arguments->case_file, "File with options, frames and events")
        ->type_name("FILE")
        ->check(CLI::Validator(CLI::ExistingFile).description(""));
    command->add_option("--fixtures", arguments->fixtures, "Folder with frames, one a line")
        ->type_name("DIR")
        ->check(CLI::Validator(CLI::ExistingDirectory).description(""));
    command
        ->add_option("--only", arguments->only,
                     fmt::format("Only these properties: {}", fmt::join(property_names(), ", ")))
        ->type_name("PROPERTY")
        ->delimiter(',')
        ->allow_extra_args(false);
    command->add_option("--timeout", arguments->timeout, "Deadline of each property")
        ->type_name("DURATION")
        ->capture_default_str();
    command->add_option("--seed", arguments->seed, "Seed of made-up events and damage")
        ->type_name("N")
        ->capture_default_str();
    command->add_option("--cuttings", arguments->cuttings, "Random cuttings into steps to try")
        ->type_name("N")
        ->capture_default_str();
    add_plugin_dirs(*command, arguments->plugin_dirs);
    add_format(*command, arguments->format);
    command->callback([arguments, &chosen] { chosen = [arguments] { return check(*arguments); }; });
}

}  // namespace spillway::cli
