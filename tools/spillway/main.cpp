#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "commands/commands.hpp"
#include "exit_code.hpp"
#include "usage.hpp"

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
        "  spillway help COMMAND                   options and examples of a command\n"
        "\n"
        "Exit codes: 0 ok (also after Ctrl-C, which drains), 1 a failed run or check,\n"
        "2 wrong usage or configuration, 130 a second Ctrl-C.");
    app.get_formatter()->column_width(34);
    app.require_subcommand(1);
    app.set_version_flag("--version", version_text(), "Show the version");

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

    std::vector<std::string> words = words_of(argc, argv);
    std::string wrong = unknown_command(app, words);
    if (wrong.empty()) {
        try {
            app.name(argc > 0 ? argv[0] : "spillway");
            app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
        } catch (const CLI::ExtrasError& error) {
            wrong = unknown_option(app);
            if (wrong.empty()) wrong = error.what();
        } catch (const CLI::ParseError& error) {
            return app.exit(error) == 0 ? exit_ok : exit_usage;
        }
    }
    if (!wrong.empty()) {
        fmt::print(stderr, "spillway: {}\n", wrong);
        return exit_usage;
    }
    try {
        return action();
    } catch (const std::exception& error) {
        fmt::print(stderr, "spillway: {}\n", error.what());
        return exit_failed;
    }
}
