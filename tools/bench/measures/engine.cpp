#include "measures/measures.hpp"

#include <fmt/format.h>

#include "cpu_clock.hpp"
#include "fragment.hpp"
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
        "{} filters, each a node of its own in the oneTBB flow graph on two threads, above the "
        "same filters fused into one node; batches of 256 events",
        1 + filters);
    report.add("ns_per_event", median(found.nanoseconds), "CPU time of one hop, all threads");
    report.add("ns_per_batch", 256 * median(found.nanoseconds), "the same for a batch of 256");
    return report;
}

Measured measure_scorer(const Request& request) {
    const auto demo = shipped_pipeline("demo.yaml");
    if (!demo) return tl::make_unexpected(demo.error());
    const std::string recording =
        (demo->parent_path() / "data" / "replay-2026-02-05.jsonl.gz").string();
    const std::string clean = fmt::format(
        "name: scorer\n"
        "sources:\n  recording: {{type: replay, path: '{}'}}\n"
        "transforms:\n"
        "  markets: {{type: normalise, inputs: [recording]}}\n"
        "  events: {{type: dedupe, inputs: [markets]}}\n",
        recording);
    const std::string scored = clean +
                               "scorers:\n  risk: {type: liquidation_risk, inputs: [events]}\n"
                               "sinks:\n  out: {type: 'null', inputs: [risk]}\n";
    const std::string unscored = clean + "sinks:\n  out: {type: 'null', inputs: [events]}\n";
    std::vector<BatchRef> batches;
    std::string error;
    double updates = 0;
    // State grows with what was seen: every run begins with new nodes.
    const auto run = [&](const std::string& yaml) {
        auto fragment = Fragment::make(yaml);
        if (!fragment) {
            error = fragment.error();
            return 0.0;
        }
        if (batches.empty()) {
            auto read = (*fragment)->read(~std::uint64_t{0});
            if (!read) error = read.error();
            if (read) batches = std::move(*read);
        }
        const CpuStopwatch watch;
        (*fragment)->run(batches, true);
        const double seconds = watch.seconds();
        if (!(*fragment)->error().empty()) error = (*fragment)->error();
        updates = std::max(updates, static_cast<double>((*fragment)->entered("risk")));
        return seconds;
    };
    Report report;
    report.runs = request.runs_or(7);
    const Comparison times =
        interleave(report.runs, [&] { return run(scored); }, [&] { return run(unscored); });
    if (!error.empty()) return tl::make_unexpected(error);
    if (updates == 0) return tl::make_unexpected("nothing reached the scorer");
    std::vector<double> nanoseconds;
    for (std::size_t i = 0; i < report.runs; ++i) {
        nanoseconds.push_back(1e9 * (times.subject[i] - times.yardstick[i]) / updates);
    }
    report.measured = fmt::format(
        "the plugin `liquidation_risk`, profile scaled, on the {:.0f} events of the demo's "
        "recording, above the same pipeline without it",
        updates);
    report.add("ns_per_update", median(nanoseconds),
               "CPU time of an event: update, timers, assessments, scores");
    return report;
}

}  // namespace spillway::bench
