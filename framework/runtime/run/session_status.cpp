#include <algorithm>

#include "runtime/metrics/prometheus_text.hpp"
#include "runtime/run/session.hpp"

// What can be read of a session while it runs, from any thread.

namespace spillway::runtime {
namespace {

NodeReport report(const GraphNode& node) {
    NodeReport report;
    report.id = node.spec->id;
    report.type = node.spec->plugin->name;
    report.category = node.spec->category;
    report.books = node.counters->books();
    report.emitted = node.counters->emitted.get();
    report.queued = node.counters->queued.get();
    const Books& books = report.books;
    const std::uint64_t refused =
        books.filtered + books.duplicate + books.late + books.dropped + books.dead_lettered;
    if (node.spec->category == Category::sink) {
        report.balanced = books.in == node.counters->processed.get() + refused + report.queued;
    } else if (node.spec->plugin->is(Trait::in_place)) {
        report.balanced = books.in == report.emitted + refused;
    } else {
        report.balanced = refused <= books.in;
    }
    return report;
}

}  // namespace

RunStatus Session::status() const {
    RunStatus status;
    status.engine_time = engine_time_.load();
    status.first_time = first_time_.load();
    status.records = records_.load();
    status.steps = steps_.load();
    status.epoch = durable_epoch();
    status.progress = progress_.load();
    for (const GraphNode& node : graph_.nodes) status.nodes.push_back(report(node));
    for (const GraphEdge& edge : graph_.edges) {
        const EdgeCounters& counters = *edge.counters;
        status.edges.push_back({edge.from, edge.port, edge.to, counters.emitted.get(),
                                counters.delivered.get(), counters.dropped.get(),
                                counters.queued()});
    }
    for (const auto& sink : sinks_) {
        const auto node = std::find_if(status.nodes.begin(), status.nodes.end(),
                                       [&](const NodeReport& n) { return n.id == sink->id(); });
        const Histogram& latency = sink->latency();
        node->latency = {latency.count(), latency.quantile(0.5), latency.quantile(0.99),
                         latency.quantile(0.999)};
    }
    for (NodeReport& node : status.nodes) {
        if (node.category == Category::source) continue;
        std::uint64_t delivered = 0;
        for (const EdgeReport& edge : status.edges) {
            if (edge.to == node.id) delivered += edge.delivered;
        }
        node.balanced = node.balanced && delivered == node.books.in;
    }
    return status;
}

std::string Session::metrics_text() const {
    std::vector<SinkLatency> latencies;
    latencies.reserve(sinks_.size());
    for (const auto& sink : sinks_) latencies.push_back({sink->id(), &sink->latency()});
    std::vector<SourceFigures> sources;
    for (std::size_t i = 0; started_.load() && i < spec_.nodes.size(); ++i) {
        const Source* const source = assembled_.entries[i].source;
        if (source != nullptr) {
            sources.push_back({spec_.nodes[i].id, source, graph_.nodes[i].lag.get()});
        }
    }
    return prometheus_text(spec_.name, status(), latencies, sources);
}

}  // namespace spillway::runtime
