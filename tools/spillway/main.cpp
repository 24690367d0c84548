#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "commands/commands.hpp"
#include "exit_code.hpp"
#include "runtime/spec/suggestions.hpp"

namespace {

/// The first word must be a command; CLI11 would only say that one is missing. Empty if it is.
std::string unknown_command(const CLI::App& app, int argc, char** argv) {
    const std::string_view word = argc > 1 ? argv[1] : "";
    std::vector<std::string_view> names;
    for (const CLI::App* command : app.get_subcommands({})) {
        if (command->get_name() == word) return {};
        names.push_back(command->get_name());
    }
    if (word.empty() || word.starts_with('-')) return {};
    return fmt::format("there is no command '{}'; {}", word,
                       spillway::runtime::suggest(word, names));
}

}  // namespace

int main(int argc, char** argv) {
    using namespace spillway::cli;
    CLI::App app{
        "Spillway watches leveraged crypto markets and warns before forced selling feeds "
        "on itself."};
    app.footer(
        "Start here:\n"
        "  spillway run pipelines/demo.yaml        replay a market crash and report on it\n"
        "  spillway validate FILE --explain        check a pipeline file, show every value\n"
        "  spillway test pipelines/demo.yaml       run the tests in a pipeline file\n"
        "  spillway plugins list                   what pipelines can be made of\n"
        "  spillway COMMAND --help                 options and examples of a command\n"
        "\n"
        "Exit codes: 0 ok (also after Ctrl-C, which drains), 1 a failed run or check,\n"
        "2 wrong usage or configuration, 130 a second Ctrl-C.");
    app.get_formatter()->column_width(34);
    app.require_subcommand(1);

    Action action;
    add_run(app, action);
    add_record(app, action);
    add_doctor(app, action);
    add_validate(app, action);
    add_test(app, action);
    add_plugins(app, action);
    add_frames(app, action);
    add_reload(app, action);
    add_schema(app, action);
    add_state(app, action);
    add_dead_letters(app, action);
#ifdef SPILLWAY_WITH_BENCH
    add_bench(app, action);
#endif
    add_version(app, action);

    if (const std::string wrong = unknown_command(app, argc, argv); !wrong.empty()) {
        fmt::print(stderr, "spillway: {}\n", wrong);
        return exit_usage;
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? exit_ok : exit_usage;
    }
    try {
        return action();
    } catch (const std::exception& error) {
        fmt::print(stderr, "spillway: {}\n", error.what());
        return exit_failed;
    }
}
