#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <tuple>

#include <tbb/flow_graph.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include "runtime/graph/executor.hpp"
#include "runtime/graph/thread_sanitizer.hpp"

namespace spillway::runtime {
namespace {

/// A step in flight: its input and what the stages have put out so far. The executor owns all of
/// them and uses them again; messages only point.
struct StepInFlight {
    StepJob job;
    std::vector<StageOutput> produced;
    std::atomic<std::size_t> stages_left{0};
};
using Message = StepInFlight*;

/// Ordered edges: serial multifunction nodes that put inside their body. (Serial function nodes
/// free their slot before they put, and reorder.)
class TbbExecutor final : public Executor {
    using Body = tbb::flow::multifunction_node<Message, std::tuple<Message>>;

public:
    TbbExecutor(Graph& graph, unsigned threads, Failed failed)
        : graph_(graph),
          failed_(std::move(failed)),
          workers_(threads > 0 ? threads : std::max(1U, std::thread::hardware_concurrency())),
          // The engine thread counts as one more that oneTBB may use.
          limit_(tbb::global_control::max_allowed_parallelism, workers_ + 1),
          // All slots are for workers: the engine thread stays outside and only puts.
          arena_(static_cast<int>(workers_), 0) {
        arena_.initialize();
        in_arena([this] { wire(); });
        handed_over(this);  // to the bodies
    }

    TbbExecutor(const TbbExecutor&) = delete;
    TbbExecutor& operator=(const TbbExecutor&) = delete;
    ~TbbExecutor() override { drain(); }

    void submit(StepJob& job, bool) override {
        StepInFlight& step = take_step();
        step.job.info = job.info;
        if (job.info.ticket != nullptr) job.info.ticket->acquire();
        std::swap(step.job.sources, job.sources);
        step.produced.resize(graph_.stages.size());
        step.stages_left.store(graph_.stages.size(), std::memory_order_relaxed);
        handed_over(&step);
        for (const std::size_t stage : graph_.source_stages) bodies_[stage]->try_put(&step);
    }

    bool idle() override {
        const std::lock_guard lock(mutex_);
        return in_flight_ == 0;
    }

    void drain() override {
        std::unique_lock lock(mutex_);
        empty_.wait(lock, [this] { return in_flight_ == 0; });
        lock.unlock();
        in_arena([this] { flow_->wait_for_all(); });
    }

private:
    /// How many stages a stage waits for, and the steps it has heard of so far.
    struct Join {
        std::size_t producers = 0;
        std::deque<std::pair<Message, std::size_t>> waiting;
    };

    /// On the engine thread, which waits; a worker may do the work.
    template <class Work>
    void in_arena(const Work& work) {
        handed_over(this);
        arena_.execute([ this, &work ]() __attribute__((no_sanitize("thread"))) {
            received(this);
            work();
            handed_over(this);
        });
        received(this);
    }

    void wire() {
        flow_ = std::make_unique<tbb::flow::graph>();
        joins_.resize(graph_.stages.size());
        for (std::size_t s = 0; s < graph_.stages.size(); ++s) {
            bodies_.push_back(std::make_unique<Body>(
                *flow_, tbb::flow::serial,
                // What it reads itself, message and captures, came here inside oneTBB.
                [ this, s ](const Message& message, Body::output_ports_type& ports) __attribute__((
                    no_sanitize("thread"))) { arrive(s, message, std::get<0>(ports)); }));
            std::vector<bool> linked(s, false);
            for (const StageInput& input : graph_.stages[s]->inputs) {
                if (linked[input.stage]) continue;
                linked[input.stage] = true;
                ++joins_[s].producers;
                tbb::flow::make_edge(tbb::flow::output_port<0>(*bodies_[input.stage]), *bodies_[s]);
            }
        }
    }

    template <class Port>
    void arrive(std::size_t s, Message message, Port& port) {
        received(this);
        Join& join = joins_[s];
        received(message);
        received(&join);
        const bool complete = join.producers <= 1 || all_have_sent(join, message);
        if (complete) run(s, *message);
        handed_over(&join);
        handed_over(message);
        if (!complete) return;
        const bool last = message->stages_left.fetch_sub(1, std::memory_order_acq_rel) == 1;
        if (last) {
            give_back(*message);
        } else {
            port.try_put(message);
        }
    }

    /// Every producer sends every step, in order: steps complete in order.
    static bool all_have_sent(Join& join, Message message) {
        auto at = join.waiting.begin();
        while (at != join.waiting.end() && at->first != message) ++at;
        if (at == join.waiting.end()) at = join.waiting.insert(at, {message, 0});
        if (++at->second < join.producers) return false;
        join.waiting.pop_front();
        return true;
    }

    StepInFlight& take_step() {
        const std::lock_guard lock(mutex_);
        ++in_flight_;
        if (free_.empty()) free_.push_back(&steps_.emplace_back());
        StepInFlight* step = free_.back();
        free_.pop_back();
        return *step;
    }

    /// Batches go before the step counts as done: `drain` means that nothing is left.
    void give_back(StepInFlight& step) {
        for (StageOutput& output : step.produced) {
            for (Packet& packet : output) packet.clear();
        }
        for (SourceInput& input : step.job.sources) input.clear();
        if (step.job.info.ticket != nullptr) step.job.info.ticket->release();
        // Notified under the lock: a waiter may destroy the executor right after.
        const std::lock_guard lock(mutex_);
        free_.push_back(&step);
        if (--in_flight_ == 0) empty_.notify_all();
    }

    static void run_shard(std::atomic<int>& fork, const std::function<void(std::size_t)>& body,
                          std::size_t shard) {
        received(&fork);
        body(shard);
        handed_over(&fork);
    }

    void run(std::size_t s, StepInFlight& step) {
        if (stopped_.load(std::memory_order_acquire)) {
            step.produced[s].resize(graph_.stages[s]->outputs.size());
            return;
        }
        Stage& stage = *graph_.stages[s];
        SourceInput* input = stage.source ? &step.job.sources[stage.source_index] : nullptr;
        static const ForEachShard in_parallel = [](std::size_t count,
                                                   const std::function<void(std::size_t)>& body) {
            std::atomic<int> fork{0};  // only its address is used
            handed_over(&fork);
            tbb::parallel_for(
                std::size_t{0}, count,
                [&fork, &body ](std::size_t shard)
                    __attribute__((no_sanitize("thread"))) { run_shard(fork, body, shard); },
                tbb::simple_partitioner{});
            received(&fork);
        };
        Failure failure;
        if (stage.run(step.job.info, input, step.produced, step.produced[s], in_parallel, failure))
            return;
        if (!stopped_.exchange(true)) failed_(failure);
    }

    Graph& graph_;
    Failed failed_;
    std::size_t workers_;
    tbb::global_control limit_;
    tbb::task_arena arena_;
    std::unique_ptr<tbb::flow::graph> flow_;
    std::vector<std::unique_ptr<Body>> bodies_;
    std::vector<Join> joins_;
    std::atomic<bool> stopped_{false};
    std::mutex mutex_;
    std::condition_variable empty_;
    std::size_t in_flight_ = 0;        // guarded by mutex_
    std::deque<StepInFlight> steps_;   // all there are; guarded by mutex_
    std::vector<StepInFlight*> free_;  // guarded by mutex_
};

/// See make_auto_executor.
class AutoExecutor final : public Executor {
public:
    AutoExecutor(Graph& graph, unsigned threads, Failed failed)
        : inline_(make_inline_executor(graph, failed)),
          parallel_(graph.parallel() && threads != 1
                        ? make_tbb_executor(graph, threads, std::move(failed))
                        : nullptr) {}

    void submit(StepJob& job, bool backlog) override {
        backlog_ = backlog ? backlog_ + 1 : 0;
        if (parallel_ != nullptr && backlog_ >= steps_before_parallel) {
            parallel_->submit(job, backlog);
            busy_ = true;
            return;
        }
        if (busy_) {
            parallel_->drain();
            busy_ = false;
        }
        inline_->submit(job, backlog);
    }

    bool idle() override { return !busy_ || parallel_->idle(); }

    void drain() override {
        if (parallel_ != nullptr) parallel_->drain();
        busy_ = false;
    }

private:
    /// Waking workers costs hundreds of microseconds: a short burst is over before it pays.
    static constexpr unsigned steps_before_parallel = 16;

    std::unique_ptr<Executor> inline_;
    std::unique_ptr<Executor> parallel_;
    unsigned backlog_ = 0;
    bool busy_ = false;
};

}  // namespace

std::unique_ptr<Executor> make_tbb_executor(Graph& graph, unsigned threads,
                                            Executor::Failed failed) {
    return std::make_unique<TbbExecutor>(graph, threads, std::move(failed));
}

std::unique_ptr<Executor> make_auto_executor(Graph& graph, unsigned threads,
                                             Executor::Failed failed) {
    return std::make_unique<AutoExecutor>(graph, threads, std::move(failed));
}

}  // namespace spillway::runtime
