#include <cstdio>
#include <exception>

#include <fmt/format.h>

#include "commands/commands.hpp"
#include "exit_code.hpp"

int main(int argc, char** argv) {
    using namespace spillway::cli;
    CLI::App app{
        "Spillway watches leveraged crypto markets and warns before forced selling feeds "
        "on itself."};
    app.footer(
        "Start here:\n"
        "  spillway run pipelines/demo.yaml        replay a market crash and report on it\n"
        "  spillway validate FILE --explain        check a pipeline file, show every value\n"
        "  spillway plugins list                   what pipelines can be made of\n"
        "  spillway COMMAND --help                 options and examples of a command\n"
        "\n"
        "Exit codes: 0 ok (also after Ctrl-C, which drains), 1 a failed run or check,\n"
        "2 wrong usage or configuration, 130 a second Ctrl-C.");
    app.get_formatter()->column_width(34);
    app.require_subcommand(1);

    Action action;
    add_run(app, action);
    add_validate(app, action);
    add_plugins(app, action);
    add_schema(app, action);
#ifdef SPILLWAY_WITH_BENCH
    add_bench(app, action);
#endif
    add_version(app, action);

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
