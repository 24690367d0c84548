#pragma once

#include <span>
#include <string>

#include <spillway/source.hpp>

#include "runtime/metrics/histogram.hpp"
#include "runtime/run/runner.hpp"

namespace spillway::runtime {

struct SinkLatency {
    std::string sink;
    const Histogram* histogram = nullptr;
};

/// A source with figures of its own.
struct SourceFigures {
    std::string node;
    const Source* source = nullptr;
    const Histogram* lag = nullptr;  ///< of its messages; null: it is not live
};

/// All metrics of a run in the Prometheus text format. Names are fixed; docs/metrics.md lists them.
[[nodiscard]] std::string prometheus_text(const std::string& pipeline, const RunStatus& status,
                                          std::span<const SinkLatency> latencies,
                                          std::span<const SourceFigures> sources);

}  // namespace spillway::runtime
