#include "bench/bench_command.hpp"
#include "commands/commands.hpp"

namespace spillway::cli {

void add_bench(CLI::App& app, Action& chosen) {
    CLI::App* const command =
        app.add_subcommand("bench", "Measure this build on this machine, against loops by hand");
    // The benchmarks read their own options, `--help` included.
    command->set_help_flag();
    command->prefix_command();
    command->callback([command, &chosen] {
        chosen = [arguments = command->remaining()] { return bench::bench_command(arguments); };
    });
}

}  // namespace spillway::cli
