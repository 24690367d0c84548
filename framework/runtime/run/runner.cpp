#include "runtime/run/runner.hpp"

#include <algorithm>
#include <condition_variable>
#include <ctime>
#include <mutex>

#include "runtime/graph/executor.hpp"
#include "runtime/ingress/budget.hpp"
#include "runtime/ingress/ingress.hpp"
#include "runtime/ingress/wall_clock.hpp"
#include "runtime/metrics/prometheus_text.hpp"
#include "runtime/run/assembly.hpp"
#include "runtime/run/pace.hpp"

namespace spillway::runtime {
namespace {

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

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

struct Runner::Impl {
    PipelineSpec spec;
    RunSettings settings;
    /// Outlives all that may hold a batch: after a failure, batches rest wherever they were.
    Budget budget{Budget::Limits{}};
    Assembled assembled;
    std::string data_dir;
    std::vector<std::unique_ptr<SinkQueue>> sinks;
    std::vector<NodeInstances> instances;
    Graph graph;
    std::unique_ptr<Ingress> ingress;
    std::unique_ptr<Executor> executor;

    std::atomic<bool> stop{false};
    std::atomic<bool> hungry{false};
    std::mutex failure_mutex;
    Status failure;           // guarded by failure_mutex
    std::string failed_node;  // guarded by failure_mutex
    std::atomic<std::uint64_t> records{0}, steps{0};
    std::atomic<Time> engine_time{time_before_all}, first_time{time_before_all};
    std::atomic<double> progress{-1};

    void fail(std::string_view node, const Status& status) {
        const std::lock_guard lock(failure_mutex);
        if (failure.ok()) {
            failure = status;
            failed_node = node;
        }
        stop.store(true);
    }

    Status failed(std::string_view node, const Status& status) {
        fail(node, status);
        return status;
    }

    void create_sinks();
    [[nodiscard]] Status start();
    void loop();
    void submit(CutStep& cut, StepJob& job, std::int64_t due, bool backlog);
    /// An epoch is complete when every sink has made it durable.
    [[nodiscard]] std::uint64_t durable_epoch() const noexcept {
        std::uint64_t lowest = sinks.empty() ? 0 : sinks.front()->durable_epoch();
        for (const auto& sink : sinks) lowest = std::min(lowest, sink->durable_epoch());
        return lowest;
    }
    void wake_sinks() {
        for (const auto& sink : sinks) sink->wake();
    }
    void publish(const CutStep& cut);
    void finish(RunResult& result);
};

void Runner::Impl::create_sinks() {
    const bool all_replayable =
        std::all_of(spec.nodes.begin(), spec.nodes.end(), [](const NodeSpec& n) {
            return n.category != Category::source || n.plugin->is(Trait::replayable);
        });
    for (std::size_t i = 0; i < spec.nodes.size(); ++i) {
        const NodeSpec& node = spec.nodes[i];
        if (node.category != Category::sink) continue;
        SinkQueue::Setup setup;
        setup.sink = {spec.name, node.id, data_dir, settings.fresh};
        setup.when_full =
            node.run.when_full.value_or(all_replayable ? WhenFull::block : WhenFull::drop_oldest);
        setup.alerting = node.plugin->is(Trait::alerting);
        setup.hungry = &hungry;
        setup.failed = [this](std::string_view id, const Status& status) { fail(id, status); };
        sinks.push_back(std::make_unique<SinkQueue>(*assembled.entries[i].sink, std::move(setup)));
        instances[i].sink = sinks.back().get();
    }
}

/// Nodes, then sinks, then sources: nothing is read before its way is open.
Status Runner::Impl::start() {
    const std::vector<bool> needs_ids = nodes_that_need_ids(spec);
    for (std::size_t i = 0; i < spec.nodes.size(); ++i) {
        const NodeSpec& node = spec.nodes[i];
        NodeSetup setup;
        setup.pipeline = spec.name;
        setup.id = node.id;
        setup.rank = static_cast<std::uint32_t>(i);
        setup.on_error = node.run.on_error;
        setup.needs_ids = needs_ids[i];
        for (const InputSpec& input : node.inputs) setup.arriving = setup.arriving | input.kinds;
        setup.shards = static_cast<std::uint32_t>(instances[i].nodes.size());
        for (Node* instance : instances[i].nodes) {
            if (Status status = instance->start(setup); !status.ok())
                return failed(node.id, status);
            ++setup.shard;
        }
        if (Node* decoder = instances[i].decoder; decoder != nullptr) {
            if (Status status = decoder->start(setup); !status.ok()) return failed(node.id, status);
        }
    }
    for (const auto& sink : sinks) {
        if (Status status = sink->open(); !status.ok()) return failed(sink->id(), status);
    }
    std::vector<Source*> sources;
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < spec.nodes.size(); ++i) {
        Source* source = assembled.entries[i].source;
        if (source == nullptr) continue;
        const Status status = source->open({spec.name, spec.nodes[i].id, needs_ids[i]});
        if (!status.ok()) return failed(spec.nodes[i].id, status);
        sources.push_back(source);
        ids.push_back(spec.nodes[i].id);
    }
    ingress = std::make_unique<Ingress>(sources, ids, settings.step_records, settings.random_steps);
    return {};
}

void Runner::Impl::publish(const CutStep& cut) {
    steps.fetch_add(1, std::memory_order_relaxed);
    if (cut.records == 0) return;
    records.fetch_add(cut.records, std::memory_order_relaxed);
    if (first_time.load(std::memory_order_relaxed) == time_before_all) {
        first_time.store(cut.first_time, std::memory_order_relaxed);
    }
    engine_time.store(cut.last_time, std::memory_order_relaxed);
    Progress all;
    for (const auto& feed : ingress->feeds()) {
        const Progress one = feed->source().progress();
        all.done += one.done;
        all.total += one.total;
    }
    if (all.total > 0) {
        progress.store(static_cast<double>(all.done) / static_cast<double>(all.total),
                       std::memory_order_relaxed);
    }
}

void Runner::Impl::submit(CutStep& cut, StepJob& job, std::int64_t due, bool backlog) {
    if (!budget.available()) {
        hungry.store(true, std::memory_order_release);
        wake_sinks();
        job.info.ticket = budget.take(cut.records);
        hungry.store(false, std::memory_order_release);
    } else {
        job.info.ticket = budget.take(cut.records);
    }
    job.info.horizon = cut.horizon;
    job.info.wall = due;
    ++job.info.number;
    std::swap(job.sources, cut.sources);
    Ticket* ticket = job.info.ticket;
    executor->submit(job, backlog);
    for (SourceInput& input : job.sources) input.clear();
    ticket->release();
}

void Runner::Impl::loop() {
    const bool paced_source = std::any_of(
        assembled.entries.begin(), assembled.entries.end(),
        [](const auto& entry) { return entry.source != nullptr && entry.source->paced(); });
    Pace pace(settings.speed ? *settings.speed : paced_source ? 1.0 : 0.0);
    CutStep cut;
    StepJob job;
    std::int64_t last_barrier = steady_nanoseconds();
    std::uint64_t next_epoch = 0;
    bool told = false;
    while (!cut.last) {
        if (stop.load() && !told) {
            ingress->stop();
            told = true;
        }
        Time until = time_never;
        std::int64_t due = 0;
        bool backlog = true;
        if (pace.paced()) {
            const std::optional<Time> next = ingress->next_time();
            if (next) {
                if (!pace.due(*next)) {
                    wake_sinks();
                    pace.wait(*next, stop);
                    if (stop.load()) continue;
                    backlog = false;
                }
                until = pace.now();
                due = pace.wall_of(*next);
            }
        }
        ingress->cut(cut, until);
        const std::int64_t now = steady_nanoseconds();
        if (due == 0) due = now;  // not paced, or the end of input
        job.info.barrier = 0;
        if (cut.last || now - last_barrier >= spec.checkpoint_interval) {
            job.info.barrier = ++next_epoch;
            last_barrier = now;
        }
        publish(cut);
        submit(cut, job, due, backlog);
    }
    executor->drain();
    wake_sinks();
    for (const auto& feed : ingress->feeds()) {
        if (!feed->failure().ok()) fail(feed->id(), feed->failure());
    }
}

void Runner::Impl::finish(RunResult& result) {
    executor.reset();
    for (const auto& sink : sinks) {
        if (Status status = sink->close(); !status.ok()) fail(sink->id(), status);
    }
    const std::lock_guard lock(failure_mutex);
    result.status = failure;
    result.node = failed_node;
}

Runner::Runner(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Runner::~Runner() = default;

tl::expected<std::unique_ptr<Runner>, Diagnostics> Runner::create(PipelineSpec spec,
                                                                  const Catalogue& catalogue,
                                                                  RunSettings settings,
                                                                  std::vector<Tap> taps) {
    auto impl = std::make_unique<Impl>();
    impl->spec = std::move(spec);
    impl->settings = std::move(settings);
    impl->data_dir = impl->settings.data_dir.string();
    complete_spec(impl->spec, catalogue, taps);
    auto assembled = assemble(impl->spec, taps);
    if (!assembled) return tl::unexpected(std::move(assembled.error()));
    impl->assembled = std::move(*assembled);
    impl->instances.resize(impl->spec.nodes.size());
    for (std::size_t i = 0; i < impl->instances.size(); ++i) {
        const Assembled::Entry& entry = impl->assembled.entries[i];
        for (const auto& plugin : entry.plugins) {
            if (Node* node = plugin->node(); node != nullptr)
                impl->instances[i].nodes.push_back(node);
        }
        if (entry.decoder) impl->instances[i].decoder = entry.decoder->node();
    }
    impl->create_sinks();
    impl->graph = build_graph(impl->spec, impl->instances);
    for (std::size_t i = 0; i < impl->instances.size(); ++i) {
        if (impl->instances[i].sink != nullptr) {
            impl->instances[i].sink->set_counters(impl->graph.nodes[i].counters.get());
        }
    }
    return std::unique_ptr<Runner>(new Runner(std::move(impl)));
}

RunResult Runner::run() {
    RunResult result;
    const std::int64_t wall = steady_nanoseconds();
    const double cpu = cpu_seconds();
    if (impl_->start().ok()) {
        const auto failed = [this](std::string_view node, const Status& status) {
            impl_->fail(node, status);
        };
        const RunSettings& settings = impl_->settings;
        impl_->executor = settings.executor == ExecutorKind::inline_only
                              ? make_inline_executor(impl_->graph, failed)
                          : settings.executor == ExecutorKind::tbb
                              ? make_tbb_executor(impl_->graph, settings.threads, failed)
                              : make_auto_executor(impl_->graph, settings.threads, failed);
        impl_->loop();
    }
    result.interrupted = impl_->stop.load();
    impl_->finish(result);
    result.interrupted = result.interrupted && result.status.ok();
    result.wall_seconds = static_cast<double>(steady_nanoseconds() - wall) * 1e-9;
    result.cpu_seconds = cpu_seconds() - cpu;
    result.final = status();
    return result;
}

void Runner::request_stop() noexcept { impl_->stop.store(true); }

const PipelineSpec& Runner::spec() const noexcept { return impl_->spec; }

RunStatus Runner::status() const {
    RunStatus status;
    status.engine_time = impl_->engine_time.load();
    status.first_time = impl_->first_time.load();
    status.records = impl_->records.load();
    status.steps = impl_->steps.load();
    status.epoch = impl_->durable_epoch();
    status.progress = impl_->progress.load();
    for (const GraphNode& node : impl_->graph.nodes) status.nodes.push_back(report(node));
    for (const GraphEdge& edge : impl_->graph.edges) {
        const EdgeCounters& counters = *edge.counters;
        status.edges.push_back({edge.from, edge.port, edge.to, counters.emitted.get(),
                                counters.delivered.get(), counters.dropped.get(),
                                counters.queued()});
    }
    for (const auto& sink : impl_->sinks) {
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

std::string Runner::metrics_text() const {
    std::vector<SinkLatency> latencies;
    for (const auto& sink : impl_->sinks) latencies.push_back({sink->id(), &sink->latency()});
    return prometheus_text(impl_->spec.name, status(), latencies);
}

}  // namespace spillway::runtime
