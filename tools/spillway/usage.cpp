#include "usage.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "runtime/spec/suggestions.hpp"

namespace spillway::cli {
namespace {

/// The command that the words have led to.
const CLI::App& innermost(const CLI::App& app) {
    const CLI::App* command = &app;
    while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
    return *command;
}

std::string full_name(const CLI::App& command) {
    const CLI::App* const parent = command.get_parent();
    if (parent == nullptr) return command.get_name();
    return full_name(*parent) + ' ' + command.get_name();
}

}  // namespace

std::vector<std::string> words_of(int argc, const char* const* argv) {
    std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
    if (!words.empty() && words.front() == "help") {
        words.erase(words.begin());
        words.emplace_back("--help");
    }
    return words;
}

std::string unknown_command(const CLI::App& app, const std::vector<std::string>& words) {
    const CLI::App* place = &app;
    for (const std::string& word : words) {
        const auto commands = place->get_subcommands([](const CLI::App*) { return true; });
        if (commands.empty() || word.starts_with('-')) return {};
        const CLI::App* found = nullptr;
        std::vector<std::string_view> names;
        for (const CLI::App* command : commands) {
            if (command->get_name() == word) found = command;
            names.push_back(command->get_name());
        }
        if (found == nullptr) {
            return fmt::format("there is no command '{}'; {}", word, runtime::suggest(word, names));
        }
        place = found;
    }
    return {};
}

std::string unknown_option(const CLI::App& app) {
    const CLI::App& command = innermost(app);
    std::vector<std::string> known;
    for (const CLI::Option* option : command.get_options()) {
        for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
    }
    const std::vector<std::string_view> names(known.begin(), known.end());
    for (const std::string& word : command.remaining()) {
        if (!word.starts_with('-')) continue;
        const std::string name = word.substr(0, word.find('='));
        const std::string_view meant = runtime::nearest(name, names);
        return fmt::format("there is no option {}; {}", name,
                           meant.empty() ? fmt::format("see {} --help", full_name(command))
                                         : fmt::format("did you mean '{}'?", meant));
    }
    return {};
}

}  // namespace spillway::cli
