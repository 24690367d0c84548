#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
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

struct Reentry;

enum class ExecutorKind { automatic, inline_only, tbb };

/// How a pipeline is run; the pipeline file says what.
struct RunSettings {
    bool fresh = false;
    /// Recorded seconds per second of wall time; 0 = as fast as possible; none = paced only if a
    /// source asks for it.
    std::optional<double> speed;
    std::filesystem::path data_dir = ".";
    /// Frames of live sources go into a folder here for each of them; empty: they are not recorded.
    std::filesystem::path record;
    /// Stops by itself after so much wall time, as `request_stop` does; 0 = never.
    Duration run_for = 0;
    ExecutorKind executor = ExecutorKind::automatic;
    unsigned threads = 0;              ///< of the task arena; 0 = one per core
    std::uint32_t step_records = 256;  ///< records per step, about
    /// Tests: step sizes drawn from 1..step_records with this seed.
    std::optional<std::uint64_t> random_steps;
    /// Records that enter once more, in place of the pipeline's input; must outlive the runner.
    const Reentry* reentry = nullptr;
};

/// Something inside the process that listens to nodes as a sink does (reports, tests).
struct Tap {
    std::string id;
    Sink* sink = nullptr;  ///< not owned; must outlive the runner
    std::vector<InputSpec> inputs;
    /// Chooses the inputs where the pipeline may be reloaded with other nodes.
    std::function<std::vector<InputSpec>(const PipelineSpec&)> choose = {};
    bool at_once = false;  ///< gets its rows step by step; else they may wait for milliseconds
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
    std::uint64_t epoch = 0;     ///< newest that is durable
    EpochInfo resumed_from;      ///< when the run began; epoch 0: with empty state
    std::uint64_t restarts = 0;  ///< after a node threw
    double progress = -1;        ///< 0..1, or -1 when unknown
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

/// What happens on the way, for the log. Called on the engine thread.
struct RunListener {
    virtual ~RunListener() = default;
    /// The pipeline is open. `last` is the newest epoch of an earlier run (0 = none): it goes on
    /// there, or it starts over.
    virtual void started(const EpochInfo& last, bool resumed) {
        static_cast<void>(last);
        static_cast<void>(resumed);
    }
    /// A node threw; the pipeline goes on from the newest epoch. At the last attempt the record
    /// becomes a dead letter.
    virtual void restarting(std::string_view node, const Status& why, unsigned attempt) {
        static_cast<void>(node);
        static_cast<void>(why);
        static_cast<void>(attempt);
    }
    /// The new file is in force, or why it is not and the old one goes on.
    virtual void reloaded(const Status& status) { static_cast<void>(status); }
    /// A sink with `when_full: drop_oldest` began to drop rows.
    virtual void fell_behind(std::string_view sink) { static_cast<void>(sink); }
    /// It keeps up again; so many rows were dropped meanwhile.
    virtual void caught_up(std::string_view sink, std::uint64_t dropped) {
        static_cast<void>(sink);
        static_cast<void>(dropped);
    }
};

/// One pipeline in one process: plugins, graph, ingress and sinks. `run` blocks the calling
/// thread, which becomes the engine thread; `request_stop` may be called from any thread and lets
/// everything that entered drain.
///
/// A node that throws is a defect: where the pipeline has a checkpoint, it starts again from the
/// newest epoch, and after three failures at one record that record becomes a dead letter.
class Runner {
public:
    /// Loads the plugins, creates and configures every node. Opens nothing yet. Errors of
    /// options carry their place in the pipeline file. `catalogue` must outlive the runner.
    [[nodiscard]] static tl::expected<std::unique_ptr<Runner>, Diagnostics> create(
        PipelineSpec spec, const Catalogue& catalogue, RunSettings settings,
        std::vector<Tap> taps = {});
    ~Runner();
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;

    [[nodiscard]] RunResult run(RunListener& listener);
    [[nodiscard]] RunResult run();
    void request_stop() noexcept;
    /// Puts another version of the pipeline file in the place of this one: epoch, new graph, state
    /// by node id. If the new one cannot start, the old one goes on from the same epoch. Live
    /// sources that are configured alike stay open either way. Of several calls the newest counts.
    /// Thread-safe; refused for a pipeline without a checkpoint, and for one that stops.
    [[nodiscard]] Status request_reload(PipelineSpec spec);
    /// Thread-safe.
    [[nodiscard]] RunStatus status() const;
    /// Metrics in Prometheus text form; thread-safe.
    [[nodiscard]] std::string metrics_text() const;
    /// As it was when the run began.
    [[nodiscard]] const PipelineSpec& spec() const noexcept;

private:
    struct Impl;
    explicit Runner(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace spillway::runtime
