#include <fmt/format.h>

#include "cpu_clock.hpp"
#include "fragment.hpp"
#include "measures/measures.hpp"
#include "pipeline.hpp"
#include "stats.hpp"

namespace spillway::bench {
namespace {

constexpr std::size_t filters = 8;

/// A chain of filters that let everything through.
std::string chain(std::size_t length) {
    std::string yaml =
        "name: chain\n"
        "sources:\n  load: {type: generate, count: 2048}\n"
        "transforms:\n";
    std::string input = "load";
    for (std::size_t i = 0; i < length; ++i) {
        const std::string id = fmt::format("filter_{}", i);
        yaml += fmt::format("  {}: {{type: filter, inputs: [{}], where: [notional >= 1]}}\n", id,
                            input);
        input = id;
    }
    return yaml + fmt::format("sinks:\n  out: {{type: 'null', inputs: [{}]}}\n", input);
}

/// CPU nanoseconds of an event on its way through a fragment, again and again.
class Passes {
public:
    Passes(std::unique_ptr<Fragment> fragment, std::vector<BatchRef> batches, bool copies)
        : fragment_(std::move(fragment)), batches_(std::move(batches)), copies_(copies) {
        for (const BatchRef& batch : batches_) events_ += batch->size();
    }
    double nanoseconds(std::size_t passes) {
        const CpuStopwatch watch;
        for (std::size_t pass = 0; pass < passes; ++pass) fragment_->run(batches_, copies_);
        return 1e9 * watch.seconds() / static_cast<double>(passes * events_);
    }
    [[nodiscard]] const std::string& error() const { return fragment_->error(); }

private:
    std::unique_ptr<Fragment> fragment_;
    std::vector<BatchRef> batches_;
    std::size_t events_ = 0;
    bool copies_;
};

tl::expected<Passes, std::string> prepare(std::size_t length, Fragment::Cut cut, Fragment::On on) {
    auto fragment = Fragment::make(chain(length), cut, on);
    if (!fragment) return tl::make_unexpected(fragment.error());
    auto batches = (*fragment)->read(2048);
    if (!batches) return tl::make_unexpected(batches.error());
    return Passes(std::move(*fragment), std::move(*batches), on == Fragment::On::flow_graph);
}

struct Difference {
    std::vector<double> nanoseconds;
    std::string error;
};

/// What the long way costs above the short one, run by run, divided by `parts`.
Difference difference(Passes& longer, Passes& shorter, std::size_t runs, std::size_t passes,
                      std::size_t parts) {
    const Comparison times = interleave(
        runs, [&] { return longer.nanoseconds(passes); },
        [&] { return shorter.nanoseconds(passes); });
    Difference result;
    for (std::size_t run = 0; run < runs; ++run) {
        result.nanoseconds.push_back((times.subject[run] - times.yardstick[run]) /
                                     static_cast<double>(parts));
    }
    result.error = longer.error().empty() ? shorter.error() : longer.error();
    return result;
}

}  // namespace

Measured measure_stage(const Request& request) {
    auto longer = prepare(1 + filters, Fragment::Cut::fused, Fragment::On::inline_executor);
    auto shorter = prepare(1, Fragment::Cut::fused, Fragment::On::inline_executor);
    if (!longer || !shorter) return tl::make_unexpected(longer ? shorter.error() : longer.error());
    Report report;
    report.runs = request.runs_or(15);
    const Difference found = difference(*longer, *shorter, report.runs, 500, filters);
    if (!found.error.empty()) return tl::make_unexpected(found.error);
    report.measured = fmt::format(
        "the plugin `filter` with one comparison that holds, {} more of them in one fused chain, "
        "batches of 256 events",
        filters);
    report.add("ns_per_event", median(found.nanoseconds), "CPU time of one more stage");
    return report;
}

Measured measure_hop(const Request& request) {
    auto apart = prepare(1 + filters, Fragment::Cut::every_node, Fragment::On::flow_graph);
    auto fused = prepare(1 + filters, Fragment::Cut::fused, Fragment::On::flow_graph);
    if (!apart || !fused) return tl::make_unexpected(apart ? fused.error() : apart.error());
    Report report;
    report.runs = request.runs_or(15);
    const Difference found = difference(*apart, *fused, report.runs, 200, 1 + filters);
    if (!found.error.empty()) return tl::make_unexpected(found.error);
    report.measured = fmt::format(
        "{} filters, each a node of its own in the oneTBB flow graph on one worker, above the "
        "same filters fused into one node; batches of 256 events",
        1 + filters);
    report.add("ns_per_event", median(found.nanoseconds), "CPU time of one hop, all threads");
    report.add("ns_per_batch", 256 * median(found.nanoseconds), "the same for a batch of 256");
    return report;
}

namespace {

constexpr std::string_view clean_recording =
    "name: scorer\n"
    "sources:\n  recording: {{type: replay, path: '{}'}}\n"
    "transforms:\n"
    "  markets: {{type: normalise, inputs: [recording]}}\n"
    "  events: {{type: dedupe, inputs: [markets]}}\n";

/// What two venues tell about three markets after the recording: of 100 events 85 are prices, 11
/// liquidations, the rest open interest and funding rates; 50 ms apart in each market.
constexpr std::string_view live_mix =
    "name: live\n"
    "sources:\n"
    "  live:\n"
    "    type: generate\n"
    "    start: 2026-02-13\n"
    "    rate: 60\n"
    "    count: 200_000\n"
    "    markets: [BTC, ETH, SOL]\n"
    "    venues: [binance, bybit]\n"
    "    kinds: [price, price, price, price, price, price, price, price, liquidation,\n"
    "            price, price, price, price, price, price, price, liquidation,\n"
    "            price, price, price, price, price, price, price, liquidation,\n"
    "            open_interest]\n"
    "sinks:\n  out: {type: 'null', inputs: [live]}\n";

tl::expected<std::vector<BatchRef>, std::string> read_all(const std::string& yaml) {
    auto fragment = Fragment::make(yaml);
    if (!fragment) return tl::make_unexpected(fragment.error());
    return (*fragment)->read(~std::uint64_t{0});
}

/// Runs of one pipeline. State grows with what was seen: every run begins with new nodes.
class ScorerRuns {
public:
    ScorerRuns(const std::vector<BatchRef>& history, const std::vector<BatchRef>& live)
        : history_(history), live_(live) {}

    struct Seconds {
        double history = 0, live = 0;
    };
    Seconds run(const std::string& yaml) {
        auto fragment = Fragment::make(yaml);
        if (!fragment) {
            error_ = fragment.error();
            return {};
        }
        Fragment& nodes = **fragment;
        Seconds seconds;
        const CpuStopwatch history_watch;
        nodes.run(history_, true);
        seconds.history = history_watch.seconds();
        const std::uint64_t before = nodes.entered("risk");
        const CpuStopwatch live_watch;
        nodes.run(live_, true);
        seconds.live = live_watch.seconds();
        if (before > 0) {
            history_updates_ = static_cast<double>(before);
            live_updates_ = static_cast<double>(nodes.entered("risk") - before);
        }
        if (!nodes.error().empty()) error_ = nodes.error();
        return seconds;
    }
    [[nodiscard]] const std::string& error() const { return error_; }
    [[nodiscard]] double history_updates() const { return history_updates_; }
    [[nodiscard]] double live_updates() const { return live_updates_; }

private:
    const std::vector<BatchRef>& history_;
    const std::vector<BatchRef>& live_;
    double history_updates_ = 0, live_updates_ = 0;
    std::string error_;
};

}  // namespace

Measured measure_scorer(const Request& request) {
    const auto demo = shipped_pipeline("demo.yaml");
    if (!demo) return tl::make_unexpected(demo.error());
    const std::string clean = fmt::format(
        clean_recording, (demo->parent_path() / "data" / "replay-2026-02-05.jsonl.gz").string());
    const std::string scored = clean +
                               "scorers:\n  risk: {type: liquidation_risk, inputs: [events]}\n"
                               "sinks:\n  out: {type: 'null', inputs: [risk]}\n";
    const std::string unscored = clean + "sinks:\n  out: {type: 'null', inputs: [events]}\n";
    const auto history = read_all(unscored);
    const auto live = read_all(std::string(live_mix));
    if (!history || !live) return tl::make_unexpected(history ? live.error() : history.error());

    Report report;
    report.runs = request.runs_or(7);
    ScorerRuns runs(*history, *live);
    std::vector<double> recorded, mixed;
    for (std::size_t i = 0; i < report.runs && runs.error().empty(); ++i) {
        const ScorerRuns::Seconds with = runs.run(scored);
        const ScorerRuns::Seconds without = runs.run(unscored);
        recorded.push_back(1e9 * (with.history - without.history) / runs.history_updates());
        mixed.push_back(1e9 * (with.live - without.live) / runs.live_updates());
    }
    if (!runs.error().empty()) return tl::make_unexpected(runs.error());
    report.measured = fmt::format(
        "the plugin `liquidation_risk`, profile scaled, above the same pipeline without it: on "
        "{:.0f} generated events of three markets 50 ms apart, after the {:.0f} events of the "
        "demo's recording, which are a minute and more apart",
        runs.live_updates(), runs.history_updates());
    report.add("ns_per_update", median(mixed),
               "CPU time of an event: update, timers, assessments, scores");
    report.add("recorded_ns_per_update", median(recorded),
               "the same on the recording: every event stands for a minute of market time");
    return report;
}

}  // namespace spillway::bench
