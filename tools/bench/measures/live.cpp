#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cpu_clock.hpp"
#include "measures/live_load.hpp"
#include "measures/measures.hpp"
#include "measures/stamp_sink.hpp"
#include "pipeline.hpp"
#include "runtime/ingress/wall_clock.hpp"
#include "stats.hpp"

namespace spillway::bench {
namespace {

void sleep(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

/// How far a frame goes.
enum class Way {
    decoded,  ///< live, decoder, sink `null`
    scored,   ///< normalise, dedupe and liquidation_risk as well
    watched,  ///< cascades and alerts as well
};

std::string pipeline_text(const LiveLoad& load, const LiveExchange& exchange, Way way) {
    std::string yaml = "name: live\nsources:\n";
    std::vector<std::string> names;
    for (std::size_t i = 0; i < load.sources; ++i) {
        names.push_back(fmt::format("bybit_{}", i));
        std::vector<std::string> markets = load.bases_of(i), silent = load.silent_of(i);
        markets.insert(markets.end(), silent.begin(), silent.end());
        yaml += fmt::format(
            "  {}:\n    type: live\n    venue: bybit\n    trades: true\n    contracts: [linear]\n"
            "    proxy: none\n    gateway: '{}'\n    markets: [{}]\n",
            names.back(), exchange.gateway(), fmt::join(markets, ", "));
    }
    const std::string all = fmt::format("[{}]", fmt::join(names, ", "));
    if (way == Way::decoded) {
        return yaml + "sinks:\n  out: {type: 'null', inputs: " + all + "}\n";
    }
    yaml += "transforms:\n  markets: {type: normalise, inputs: " + all +
            "}\n  events: {type: dedupe, inputs: [markets]}\n";
    if (way == Way::watched) {
        yaml +=
            "  cascades: {type: cascades, inputs: [events]}\n"
            "  alerts: {type: alerts, inputs: [risk]}\n";
    }
    yaml += "scorers:\n  risk: {type: liquidation_risk, inputs: [events]}\n";
    return yaml + (way == Way::watched
                       ? "sinks:\n  out: {type: 'null', inputs: [events, risk, cascades, alerts]}\n"
                       : "sinks:\n  out: {type: 'null', inputs: [risk]}\n");
}

runtime::Tap tap_on(const runtime::PipelineSpec& spec, std::string_view id, Sink& sink) {
    runtime::Tap tap;
    tap.id = "arrived";
    tap.sink = &sink;
    tap.at_once = true;
    for (const runtime::NodeSpec& node : spec.nodes) {
        if (node.id != id) continue;
        runtime::InputSpec input;
        input.from = node.id;
        input.kinds = node.emits;
        tap.inputs.push_back(input);
    }
    return tap;
}

/// One run against the exchange.
struct LiveRun {
    double cpu_share = 0;      ///< of one core
    double us_per_frame = 0;   ///< CPU time
    double exchange_late = 0;  ///< 99 in 100 frames left within so many microseconds of their time
    std::vector<double> latencies;
};
using LiveResult = tl::expected<LiveRun, std::string>;

/// Takes the CPU time of what `cpu_seconds` tells while the exchange sends, without its warm-up.
template <class CpuSeconds>
LiveResult measure_while_sending(const LiveLoad& load, LiveExchange& exchange, StampSink* sink,
                                 const CpuSeconds& cpu_seconds) {
    if (const auto began = exchange.wait_for_begin(); !began) {
        return tl::make_unexpected(began.error());
    }
    sleep(live_warm_up_seconds);
    const std::int64_t start = runtime::steady_nanoseconds();
    if (sink != nullptr) sink->begin(start);
    const double before = cpu_seconds();
    sleep(load.seconds - 0.2);
    const double used = cpu_seconds() - before;
    const double wall = 1e-9 * static_cast<double>(runtime::steady_nanoseconds() - start);
    const auto sent = exchange.wait_for_end();
    if (!sent) return tl::make_unexpected(sent.error());
    LiveRun run;
    run.cpu_share = used / wall;
    run.us_per_frame = 1e6 * used / (wall * load.rate);
    run.exchange_late = sent->late_p99_us;
    for (int tries = 0; sink != nullptr && sink->seen() < sent->frames; ++tries) {
        if (tries == 100) {
            return tl::make_unexpected(fmt::format("of {} frames that were sent only {} arrived",
                                                   sent->frames, sink->seen()));
        }
        sleep(0.01);
    }
    return run;
}

/// The pipeline in this process; every frame is timed if `timed`.
LiveResult run_pipeline(const LiveLoad& load, Way way, bool timed) {
    auto exchange = LiveExchange::start(load);
    if (!exchange) return tl::make_unexpected(exchange.error());
    auto spec = load_text(pipeline_text(load, *exchange, way));
    if (!spec) return tl::make_unexpected(spec.error());
    StampSink sink(*exchange, static_cast<std::size_t>(load.rate * (load.seconds + 1)));
    std::vector<runtime::Tap> taps;
    if (timed) taps.push_back(tap_on(*spec, "events", sink));
    const testing::TemporaryFolder folder;
    runtime::RunSettings settings;
    settings.data_dir = folder.path();
    const auto runner = make_runner(std::move(*spec), settings, std::move(taps));
    if (!runner) return tl::make_unexpected(runner.error());

    runtime::RunResult result;
    std::thread engine([&] { result = (*runner)->run(); });
    const CpuStopwatch watch;
    LiveResult run = measure_while_sending(load, *exchange, timed ? &sink : nullptr,
                                           [&] { return watch.seconds(); });
    (*runner)->request_stop();
    engine.join();
    if (std::string why = failure_of(result); !why.empty()) return tl::make_unexpected(why);
    if (!run) return run;
    if (timed) run->latencies = sink.microseconds();
    return run;
}

LiveResult run_read_loop(const LiveLoad& load) {
    auto exchange = LiveExchange::start(load);
    if (!exchange) return tl::make_unexpected(exchange.error());
    auto loop = exchange->start_read_loop(load);
    if (!loop) return tl::make_unexpected(loop.error());
    return measure_while_sending(load, *exchange, nullptr, [&] { return loop->cpu_seconds(); });
}

/// Median, and between which values all runs were.
void add_figure(Report& report, const std::string& key, const std::vector<double>& values,
                const std::string& meaning) {
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    report.add(key, median(values),
               fmt::format("{}; runs from {:.4g} to {:.4g}", meaning, *least, *most));
}

}  // namespace

Measured measure_live(const Request& request) {
    LiveLoad load;
    load.seconds = std::min(request.seconds_or(5), 75.0);
    Report report;
    report.runs = request.runs_or(3);
    LiveLoad one_source = load;
    one_source.sources = 1;
    one_source.connections = load.all_connections();
    std::vector<double> p50, p99, late, bare, decoded, scored, decoded_ratio, scored_ratio, share,
        one_source_ratio;
    for (std::size_t i = 0; i < report.runs; ++i) {
        const LiveResult yardstick = run_read_loop(load);
        const LiveResult only_decoded = run_pipeline(load, Way::decoded, false);
        const LiveResult all = run_pipeline(load, Way::scored, false);
        const LiveResult by_one = run_pipeline(one_source, Way::scored, false);
        const LiveResult timed = run_pipeline(load, Way::scored, true);
        for (const LiveResult* run : {&yardstick, &only_decoded, &all, &by_one, &timed}) {
            if (!*run) return tl::make_unexpected(run->error());
        }
        bare.push_back(yardstick->us_per_frame);
        decoded.push_back(only_decoded->us_per_frame);
        scored.push_back(all->us_per_frame);
        decoded_ratio.push_back(decoded.back() / bare.back());
        scored_ratio.push_back(scored.back() / bare.back());
        one_source_ratio.push_back(by_one->us_per_frame / bare.back());
        share.push_back(all->cpu_share);
        p50.push_back(quantile(timed->latencies, 0.5));
        p99.push_back(quantile(timed->latencies, 0.99));
        late.push_back(timed->exchange_late);
    }
    report.measured = fmt::format(
        "{:.0f} frames a second for {:.0f} s over {} TLS WebSockets from an exchange in another "
        "process on the same machine: 12 trades to 7 tickers and a liquidation, of {} contracts; "
        "{} sources `live`, normalise, dedupe, liquidation_risk; against a Boost.Beast loop that "
        "reads the same connections on one thread and does nothing",
        load.rate, load.seconds, load.all_connections(), load.all_connections() * load.contracts,
        load.sources);
    add_figure(report, "p50_us", p50,
               "from before the frame is written to the socket to when its event, which the scorer "
               "gets, is at a sink beside it");
    add_figure(report, "p99_us", p99, "99 % of the frames");
    add_figure(report, "cpu_us_per_frame", scored, "whole pipeline, all threads, user and system");
    add_figure(report, "decoded_cpu_us_per_frame", decoded,
               "source, decoder and a sink that counts");
    add_figure(report, "bare_cpu_us_per_frame", bare, "the read loop");
    add_figure(report, "cpu_ratio", scored_ratio, "whole pipeline to read loop");
    add_figure(report, "one_source_cpu_ratio", one_source_ratio,
               "whole pipeline whose connections are all of one source, to read loop");
    add_figure(report, "decoded_cpu_ratio", decoded_ratio, "source and decoder to read loop");
    add_figure(report, "cpu_share", share, "of one core, whole pipeline");
    add_figure(report, "exchange_late_p99_us", late,
               "how far the exchange itself was behind: its frames then come in bursts");
    return report;
}

Measured measure_live_idle(const Request& request) {
    LiveLoad tickers;
    tickers.sources = 1;
    tickers.connections = 2;
    tickers.contracts = 250;
    tickers.crowded = false;
    tickers.trades = 0;
    tickers.tickers = 50;
    tickers.liquidations = 1;
    tickers.rate = 500 * 1.02;
    tickers.seconds = std::min(request.seconds_or(10), 75.0);
    LiveLoad trades = tickers;
    trades.trades = 100;
    trades.rate = 500 * 3.02;
    Report report;
    report.runs = request.runs_or(3);
    report.measured = fmt::format(
        "500 contracts of one venue for {:.0f} s each over {} TLS WebSockets, each with a ticker a "
        "second and a liquidation in 50 s, then also with two trades a second; live, normalise, "
        "dedupe, liquidation_risk, cascades and alerts",
        tickers.seconds, tickers.all_connections());
    for (const auto& [prefix, load] : {std::pair("", tickers), std::pair("trades_", trades)}) {
        std::vector<double> share, cost, bare;
        for (std::size_t i = 0; i < report.runs; ++i) {
            const LiveResult run = run_pipeline(load, Way::watched, false);
            const LiveResult yardstick = run_read_loop(load);
            if (!run || !yardstick) {
                return tl::make_unexpected(run ? yardstick.error() : run.error());
            }
            share.push_back(run->cpu_share);
            cost.push_back(run->us_per_frame);
            bare.push_back(yardstick->cpu_share);
        }
        const std::string name = prefix;
        add_figure(report, name + "cpu_share", share, "of one core, all threads");
        add_figure(report, name + "cpu_us_per_frame", cost, "the same for one frame");
        add_figure(report, name + "bare_cpu_share", bare, "a Boost.Beast loop that only reads it");
    }
    return report;
}

}  // namespace spillway::bench
