#include <exception>
#include <fstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "exchange.hpp"
#include "read_loop.hpp"

namespace {

std::vector<std::string> lines_of(const std::string& file) {
    std::vector<std::string> lines;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("The other end of `spillway bench live`", "spillway_bench_peer");
    spillway::bench::ExchangeSettings settings;
    std::string bases, silent;
    std::uint16_t port = 0;
    app.require_subcommand(1);
    app.add_option("--bases", bases, "File with the base assets that trade, one a line")
        ->required();
    app.add_option("--connections", settings.connections);

    auto* const exchange = app.add_subcommand("exchange", "Sends messages at a given pace");
    exchange->add_option("--ca-file", settings.ca_file)->required();
    exchange->add_option("--silent", silent, "File with base assets that are listed only");
    exchange->add_option("--rate", settings.rate);
    exchange->add_option("--seconds", settings.seconds)->check(CLI::Range(0.1, 80.0));
    exchange->add_option("--epoch", settings.epoch);
    exchange->add_option("--trades", settings.mix.trades);
    exchange->add_option("--tickers", settings.mix.tickers);
    exchange->add_option("--liquidations", settings.mix.liquidations);
    auto* const read = app.add_subcommand("read", "Reads and does nothing with it");
    read->add_option("--port", port)->required();
    CLI11_PARSE(app, argc, argv);
    try {
        settings.bases = lines_of(bases);
        if (!silent.empty()) settings.silent = lines_of(silent);
        if (*exchange) spillway::bench::run_exchange(settings);
        if (*read) spillway::bench::run_read_loop(port, settings.bases, settings.connections);
    } catch (const std::exception& problem) {
        fmt::print(stderr, "spillway_bench_peer: {}\n", problem.what());
        return 1;
    }
    return 0;
}
