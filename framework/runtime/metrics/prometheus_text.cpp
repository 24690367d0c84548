#include "runtime/metrics/prometheus_text.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace spillway::runtime {
namespace {

using Labels = std::vector<prometheus::ClientMetric::Label>;

/// Collects families; values come from counters that the engine keeps anyway.
class Exposition {
public:
    void counter(const std::string& name, const std::string& help, Labels labels, double value) {
        auto& metric = add(name, help, prometheus::MetricType::Counter, std::move(labels));
        metric.counter.value = value;
    }
    void gauge(const std::string& name, const std::string& help, Labels labels, double value) {
        auto& metric = add(name, help, prometheus::MetricType::Gauge, std::move(labels));
        metric.gauge.value = value;
    }
    void histogram(const std::string& name, const std::string& help, Labels labels,
                   const Histogram& from) {
        constexpr std::array<std::pair<double, std::uint64_t>, 12> bounds = {
            {{25e-6, 25'000},
             {50e-6, 50'000},
             {100e-6, 100'000},
             {250e-6, 250'000},
             {500e-6, 500'000},
             {1e-3, 1'000'000},
             {2.5e-3, 2'500'000},
             {10e-3, 10'000'000},
             {50e-3, 50'000'000},
             {250e-3, 250'000'000},
             {1.0, 1'000'000'000},
             {10.0, 10'000'000'000}}};
        auto& metric = add(name, help, prometheus::MetricType::Histogram, std::move(labels));
        metric.histogram.sample_count = from.count();
        metric.histogram.sample_sum = static_cast<double>(from.sum()) * 1e-9;
        for (const auto& [seconds, nanoseconds] : bounds) {
            prometheus::ClientMetric::Bucket bucket;
            bucket.upper_bound = seconds;
            bucket.cumulative_count = from.count_up_to(nanoseconds);
            metric.histogram.bucket.push_back(bucket);
        }
    }
    void histogram(const std::string& name, const std::string& help, Labels labels,
                   std::span<const double> bounds, std::span<const std::uint64_t> counts,
                   double sum) {
        auto& metric = add(name, help, prometheus::MetricType::Histogram, std::move(labels));
        metric.histogram.sample_sum = sum;
        std::uint64_t below = 0;
        for (std::size_t i = 0; i < counts.size(); ++i) {
            below += counts[i];
            if (i < bounds.size()) metric.histogram.bucket.push_back({below, bounds[i]});
        }
        metric.histogram.sample_count = below;
    }
    [[nodiscard]] std::string text() const {
        return prometheus::TextSerializer().Serialize(families_);
    }

private:
    prometheus::ClientMetric& add(const std::string& name, const std::string& help,
                                  prometheus::MetricType type, Labels labels) {
        auto family = std::find_if(families_.begin(), families_.end(),
                                   [&](const auto& known) { return known.name == name; });
        if (family == families_.end()) {
            family = families_.insert(family, {name, help, type, {}});
        }
        auto& metric = family->metric.emplace_back();
        metric.label = std::move(labels);
        return metric;
    }

    std::vector<prometheus::MetricFamily> families_;
};

/// What a source says of itself, under the engine's prefix and labels.
class FiguresOf final : public MetricWriter {
public:
    FiguresOf(Exposition& out, const std::string& pipeline, const std::string& node)
        : out_(out), labels_({{"pipeline", pipeline}, {"node", node}}) {}

    void counter(std::string_view name, std::string_view help, std::span<const Label> labels,
                 double value) override {
        out_.counter(full(name), std::string(help), with(labels), value);
    }
    void gauge(std::string_view name, std::string_view help, std::span<const Label> labels,
               double value) override {
        out_.gauge(full(name), std::string(help), with(labels), value);
    }
    void histogram(std::string_view name, std::string_view help, std::span<const Label> labels,
                   std::span<const double> bounds, std::span<const std::uint64_t> counts,
                   double sum) override {
        out_.histogram(full(name), std::string(help), with(labels), bounds, counts, sum);
    }

private:
    static std::string full(std::string_view name) { return "spillway_" + std::string(name); }
    [[nodiscard]] Labels with(std::span<const Label> labels) const {
        Labels all = labels_;
        for (const Label& label : labels) {
            all.push_back({std::string(label.name), std::string(label.value)});
        }
        return all;
    }
    Exposition& out_;
    Labels labels_;
};

}  // namespace

std::string prometheus_text(const std::string& pipeline, const RunStatus& status,
                            std::span<const SinkLatency> latencies,
                            std::span<const SourceFigures> sources) {
    Exposition out;
    const Labels run = {{"pipeline", pipeline}};
    out.counter("spillway_records_total", "Records that entered the pipeline", run,
                static_cast<double>(status.records));
    out.counter("spillway_steps_total", "Steps cut by the ingress", run,
                static_cast<double>(status.steps));
    out.gauge("spillway_epoch", "Newest epoch that every sink made durable", run,
              static_cast<double>(status.epoch));
    out.gauge("spillway_engine_time_seconds", "Engine time of the newest record (Unix seconds)",
              run, status.engine_time == time_before_all ? 0 : to_seconds(status.engine_time));

    struct Book {
        const char* fate;
        std::uint64_t (*count)(const Books&);
    };
    constexpr std::array<Book, 6> fates = {
        {{"processed", [](const Books& b) { return b.processed(); }},
         {"filtered", [](const Books& b) { return b.filtered; }},
         {"duplicate", [](const Books& b) { return b.duplicate; }},
         {"late", [](const Books& b) { return b.late; }},
         {"dropped", [](const Books& b) { return b.dropped; }},
         {"dead_lettered", [](const Books& b) { return b.dead_lettered; }}}};
    const auto node_labels = [&](const NodeReport& node) {
        return Labels{{"pipeline", pipeline}, {"node", node.id}, {"type", node.type}};
    };
    for (const NodeReport& node : status.nodes) {
        out.counter("spillway_node_in_total", "Events that reached a node", node_labels(node),
                    static_cast<double>(node.books.in));
    }
    for (const NodeReport& node : status.nodes) {
        for (const Book& book : fates) {
            Labels labels = node_labels(node);
            labels.push_back({"fate", book.fate});
            out.counter("spillway_node_fate_total", "What became of the events of a node",
                        std::move(labels), static_cast<double>(book.count(node.books)));
        }
    }
    for (const NodeReport& node : status.nodes) {
        out.counter("spillway_node_emitted_total", "Events on the default output of a node",
                    node_labels(node), static_cast<double>(node.emitted));
    }
    const auto edge_labels = [&](const EdgeReport& edge) {
        return Labels{
            {"pipeline", pipeline}, {"from", edge.from}, {"port", edge.port}, {"to", edge.to}};
    };
    for (const EdgeReport& edge : status.edges) {
        out.counter("spillway_edge_emitted_total", "Events put on an edge", edge_labels(edge),
                    static_cast<double>(edge.emitted));
    }
    for (const EdgeReport& edge : status.edges) {
        out.counter("spillway_edge_dropped_total", "Events dropped on an edge", edge_labels(edge),
                    static_cast<double>(edge.dropped));
    }
    for (const EdgeReport& edge : status.edges) {
        out.gauge("spillway_edge_queued", "Events waiting on an edge", edge_labels(edge),
                  static_cast<double>(edge.queued));
    }
    for (const SinkLatency& sink : latencies) {
        out.histogram("spillway_sink_latency_seconds",
                      "From the time a step was due to its rows' arrival at a sink",
                      {{"pipeline", pipeline}, {"node", sink.sink}}, *sink.histogram);
    }
    for (const SourceFigures& one : sources) {
        if (one.lag != nullptr) {
            out.histogram("spillway_live_lag_seconds",
                          "Receive time minus event time of what messages brought",
                          {{"pipeline", pipeline}, {"node", one.node}}, *one.lag);
        }
        FiguresOf figures(out, pipeline, one.node);
        one.source->metrics(figures);
    }
    return out.text();
}

}  // namespace spillway::runtime
