#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "measures/load.hpp"
#include "measures/measures.hpp"
#include "pipeline.hpp"
#include "stats.hpp"

namespace spillway::bench {
namespace {

tl::expected<runtime::RunResult, std::string> run_text(const std::string& yaml) {
    auto spec = load_text(yaml);
    if (!spec) return tl::make_unexpected(spec.error());
    const auto runner = make_runner(std::move(*spec), {});
    if (!runner) return tl::make_unexpected(runner.error());
    runtime::RunResult result = (*runner)->run();
    if (std::string why = failure_of(result); !why.empty()) return tl::make_unexpected(why);
    return result;
}

const runtime::NodeReport& node_of(const runtime::RunResult& result, std::string_view id) {
    return *std::find_if(result.final.nodes.begin(), result.final.nodes.end(),
                         [&](const runtime::NodeReport& node) { return node.id == id; });
}

void add_latency(Report& report, const std::string& prefix, const runtime::RunResult& result) {
    const runtime::LatencyReport& latency = node_of(result, "out").latency;
    const auto add = [&](const char* name, std::uint64_t nanoseconds, const char* meaning) {
        report.add(prefix + name, 1e-3 * static_cast<double>(nanoseconds), meaning);
    };
    add("p50_us", latency.p50, "half of the rows took at most this");
    add("p99_us", latency.p99, "99 % of the rows");
    add("p999_us", latency.p999, "99.9 % of the rows");
}

/// Memory that this process holds now, in MB; 0 without /proc.
double resident_megabytes() {
    std::ifstream statm("/proc/self/statm");
    double pages = 0;
    statm >> pages >> pages;
    return pages * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

struct Sample {
    double minutes, megabytes;
};

/// Slope of the line of least squares, MB a minute.
double slope(const std::vector<Sample>& samples) {
    double n = 0, x = 0, y = 0, xx = 0, xy = 0;
    for (const Sample& sample : samples) {
        n += 1;
        x += sample.minutes;
        y += sample.megabytes;
        xx += sample.minutes * sample.minutes;
        xy += sample.minutes * sample.megabytes;
    }
    return (n * xy - x * y) / (n * xx - x * x);
}

}  // namespace

Measured measure_latency(const Request& request) {
    constexpr double rate = 100'000;
    const double seconds = request.seconds_or(5);
    const auto chain = run_text(chain_pipeline_text(rate, seconds));
    const auto whole = run_text(load_pipeline_text(rate, seconds));
    if (!chain || !whole) return tl::make_unexpected(chain ? whole.error() : chain.error());
    Report report;
    report.measured = fmt::format(
        "{:.0f} events a second for {:.0f} s, open loop: from when the oldest event of a step was "
        "due to when the step's rows reached a sink on its own thread; source, normalise, dedupe "
        "and filter in one chain, and beside liquidation_risk, cascades and alerts (`with_scores`)",
        rate, seconds);
    add_latency(report, "", *chain);
    add_latency(report, "with_scores_", *whole);
    report.add("rows", static_cast<double>(node_of(*chain, "out").latency.count),
               "rows that were timed, in the chain");
    report.add("cpu_share", chain->cpu_seconds / chain->wall_seconds,
               "of one core, all threads, in the chain");
    report.add("with_scores_cpu_share", whole->cpu_seconds / whole->wall_seconds,
               "of one core, all threads");
    return report;
}

Measured measure_idle(const Request& request) {
    const double seconds = request.seconds_or(5);
    const auto idle = run_text(load_pipeline_text(1, seconds));
    const auto steady = run_text(load_pipeline_text(1000, seconds));
    if (!idle || !steady) return tl::make_unexpected(idle ? steady.error() : idle.error());
    Report report;
    report.measured = fmt::format(
        "normalise, dedupe, liquidation_risk, cascades, alerts and sinks for {:.0f} s each, at one "
        "event a second and at 1,000",
        seconds);
    report.add("idle_cpu_share", idle->cpu_seconds / idle->wall_seconds,
               "of one core at one event a second, start included");
    report.add("steady_cpu_share", steady->cpu_seconds / steady->wall_seconds,
               "of one core at 1,000 events a second");
    report.add("steady_steps_per_second",
               static_cast<double>(steady->final.steps) / steady->wall_seconds,
               "steps through the graph, at 1,000 events a second");
    return report;
}

Measured measure_rss(const Request& request) {
    constexpr double rate = 1'000;
    // `dedupe` remembers a day, 32 bytes a record: here it is full before the slope is taken, so
    // that the slope is that of what should not grow.
    constexpr double remembered = 20'000;
    const double seconds = request.seconds_or(20);
    auto spec = load_text(load_pipeline_text(rate, seconds, remembered));
    if (!spec) return tl::make_unexpected(spec.error());
    const auto runner = make_runner(std::move(*spec), {});
    if (!runner) return tl::make_unexpected(runner.error());

    runtime::RunResult result;
    std::atomic<bool> ended = false;
    std::thread engine([&] {
        result = (*runner)->run();
        ended = true;
    });
    std::vector<Sample> samples;
    const auto start = std::chrono::steady_clock::now();
    while (!ended) {
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        const std::chrono::duration<double, std::ratio<60>> passed =
            std::chrono::steady_clock::now() - start;
        // Queues, tables and histories fill in the first third.
        if (passed.count() > seconds / 180 && !ended) {
            samples.push_back({passed.count(), resident_megabytes()});
        }
    }
    engine.join();
    if (std::string why = failure_of(result); !why.empty()) return tl::make_unexpected(why);
    if (samples.size() < 3) return tl::make_unexpected("too short to see a slope: --minutes 1");
    Report report;
    report.measured = fmt::format(
        "{:.0f} generated events a second through normalise, dedupe (of the last {:.0f}), "
        "liquidation_risk, cascades and alerts for {:.0f} s; resident memory, without the first "
        "third",
        rate, remembered, seconds);
    report.add("rss_slope_mb_per_minute", slope(samples), "line of least squares");
    report.add("rss_mb", samples.back().megabytes, "at the end");
    return report;
}

}  // namespace spillway::bench
