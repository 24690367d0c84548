#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include <spillway/node.hpp>
#include <spillway/sink.hpp>

#include "runtime/load/catalogue.hpp"
#include "runtime/spec/diagnostic.hpp"
#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::runtime {

enum class ExecutorKind { automatic, inline_only, tbb };

/// How a pipeline is run; the pipeline file says what.
struct RunSettings {
    bool fresh = false;
    /// Recorded seconds per second of wall time; 0 = as fast as possible; none = paced only if a
    /// source asks for it.
    std::optional<double> speed;
    std::filesystem::path data_dir = ".";
    ExecutorKind executor = ExecutorKind::automatic;
    unsigned threads = 0;              ///< of the task arena; 0 = one per core
    std::uint32_t step_records = 256;  ///< records per step, about
    /// Tests: step sizes drawn from 1..step_records with this seed.
    std::optional<std::uint64_t> random_steps;
};

/// Something inside the process that listens to nodes as a sink does (reports, tests).
struct Tap {
    std::string id;
    Sink* sink = nullptr;  ///< not owned; must outlive the runner
    std::vector<InputSpec> inputs;
};

/// From when the oldest event of a step was due to when its rows reached a sink, in nanoseconds;
/// each row counts.
struct LatencyReport {
    std::uint64_t count = 0, p50 = 0, p99 = 0, p999 = 0;
};

/// Books of one node, as the report and metrics show them.
struct NodeReport {
    std::string id;
    std::string type;
    Category category = Category::transform;
    Books books;
    std::uint64_t emitted = 0;  ///< on the default output; sinks: 0
    std::uint64_t queued = 0;   ///< sinks
    LatencyReport latency;      ///< sinks
    /// Whether what reached the node is accounted for: counts of its edges, its fates and its
    /// output are kept apart and must agree. Meaningful when nothing is in flight.
    bool balanced = true;
};
struct EdgeReport {
    std::string from, port, to;
    std::uint64_t emitted = 0, delivered = 0, dropped = 0, queued = 0;
};

/// What can be read while a pipeline runs, and at its end. Consistent enough for people.
struct RunStatus {
    Time engine_time = time_before_all;  ///< of the newest step
    Time first_time = time_before_all;
    std::uint64_t records = 0;  ///< that entered
    std::uint64_t steps = 0;
    std::uint64_t epoch = 0;
    double progress = -1;  ///< 0..1, or -1 when unknown
    std::vector<NodeReport> nodes;
    std::vector<EdgeReport> edges;
};

struct RunResult {
    Status status;     ///< why the run failed; ok when it ended or drained
    std::string node;  ///< where it failed
    bool interrupted = false;
    double wall_seconds = 0;
    double cpu_seconds = 0;
    RunStatus final;
};

/// One pipeline in one process: plugins, graph, ingress and sinks. `run` blocks the calling
/// thread, which becomes the engine thread; `request_stop` may be called from any thread or a
/// signal handler and lets everything that entered drain.
class Runner {
public:
    /// Loads the plugins, creates and configures every node. Opens nothing yet. Errors of
    /// options carry their place in the pipeline file.
    [[nodiscard]] static tl::expected<std::unique_ptr<Runner>, Diagnostics> create(
        PipelineSpec spec, const Catalogue& catalogue, RunSettings settings,
        std::vector<Tap> taps = {});
    ~Runner();
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;

    [[nodiscard]] RunResult run();
    void request_stop() noexcept;
    /// Thread-safe.
    [[nodiscard]] RunStatus status() const;
    /// Metrics in Prometheus text form; thread-safe.
    [[nodiscard]] std::string metrics_text() const;
    [[nodiscard]] const PipelineSpec& spec() const noexcept;

private:
    struct Impl;
    explicit Runner(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace spillway::runtime
