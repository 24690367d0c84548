#include "bench_command.hpp"

#include <algorithm>
#include <exception>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "benchmark.hpp"
#include "measures/measures.hpp"

namespace spillway::bench {
namespace {

constexpr int ok = 0;
constexpr int failed = 1;
constexpr int usage = 2;

struct Arguments {
    bool list = false;
    std::string name;
    std::string format = "text";
    Request request;
    std::filesystem::path first_record;
};

std::string list_text() {
    std::string text;
    for (const Benchmark& one : benchmarks()) {
        text += fmt::format("{:<10}{}\n", one.name, one.summary);
    }
    return text;
}

std::string list_json() {
    std::string text = "[";
    for (const Benchmark& one : benchmarks()) {
        text += fmt::format("{}\n  {{\"name\": \"{}\", \"summary\": \"{}\"}}",
                            text.size() > 1 ? "," : "", one.name, one.summary);
    }
    return text + "\n]\n";
}

int measure(const Benchmark& benchmark, const Arguments& arguments) {
    Measured report;
    try {
        report = benchmark.measure(arguments.request);
    } catch (const std::exception& problem) {
        report = tl::make_unexpected(std::string(problem.what()));
    }
    if (!report) {
        fmt::print(stderr, "bench {}: {}\n", benchmark.name, report.error());
        return failed;
    }
    report->benchmark = benchmark.name;
    const Machine machine = this_machine();
    fmt::print("{}",
               arguments.format == "json" ? to_json(*report, machine) : to_text(*report, machine));
    return ok;
}

int run(const Arguments& arguments) {
    if (!arguments.first_record.empty()) return run_to_first_record(arguments.first_record);
    if (arguments.list) {
        fmt::print("{}", arguments.format == "json" ? list_json() : list_text());
        return ok;
    }
    const auto all = benchmarks();
    const auto found = std::find_if(
        all.begin(), all.end(), [&](const Benchmark& one) { return one.name == arguments.name; });
    if (found != all.end()) return measure(*found, arguments);
    fmt::print(stderr, "{}\nThe benchmarks are:\n{}",
               arguments.name.empty()
                   ? "bench: name a benchmark"
                   : fmt::format("bench: there is no benchmark '{}'", arguments.name),
               list_text());
    return usage;
}

}  // namespace

int bench_command(const std::vector<std::string>& arguments) {
    Arguments given;
    CLI::App app("Measure this build on this machine, against loops by hand", "spillway bench");
    app.footer(
        "Examples:\n"
        "  spillway bench --list\n"
        "  spillway bench liq-1m --format json\n"
        "  spillway bench liq-1m --input recorded.jsonl --runs 3\n"
        "  spillway bench rss --minutes 6\n");
    app.add_option("NAME", given.name, "The benchmark, see --list");
    app.add_flag("--list", given.list, "Name the benchmarks and end");
    app.add_option("--format", given.format, "How the result is written")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    app.add_option("--input", given.request.input, "liq-1m: measure with this file of frames")
        ->check(CLI::ExistingFile);
    app.add_option("--runs", given.request.runs, "Runs of each side (default: by benchmark)")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1000}));
    app.add_option("--minutes", given.request.minutes,
                   "Length of latency, idle, live, live-idle and rss (default: seconds)")
        ->check(CLI::Range(0.05, 1440.0));
    app.add_option("--until-first-record", given.first_record)->group("");
    try {
        std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
        app.parse(reversed);
    } catch (const CLI::ParseError& problem) {
        return app.exit(problem) == 0 ? ok : usage;
    }
    return run(given);
}

}  // namespace spillway::bench
