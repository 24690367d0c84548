#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <string>
#include <thread>

#include <spillway/sink.hpp>

#include "runtime/epoch/checkpoint.hpp"
#include "runtime/epoch/epoch.hpp"
#include "runtime/graph/packet.hpp"
#include "runtime/metrics/counters.hpp"
#include "runtime/metrics/histogram.hpp"
#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::runtime {

/// A sink with its own thread and queue. The graph only appends; the thread is woken for a good
/// number of rows, a barrier, a sink that cannot wait, or when the engine wakes it. With `block`
/// the ingress budget bounds the queue; with `drop_oldest` the queue bounds itself: it keeps
/// copies, so that a sink that is stuck holds nothing of the budget.
class SinkQueue {
public:
    struct Setup {
        SinkSetup sink;
        WhenFull when_full = WhenFull::block;
        bool at_once = false;             ///< woken at every step that has rows for it
        std::uint64_t capacity = 65'536;  ///< rows, for drop_oldest
        bool store = false;               ///< it keeps the pipeline's checkpoint
        /// Set while the ingress waits for its budget: then everything is handed over at once.
        const std::atomic<bool>* hungry = nullptr;
        /// Called once, from the sink's thread, when it cannot go on.
        std::function<void(std::string_view id, const Status&)> failed;
    };

    SinkQueue(Sink& sink, Setup setup);
    ~SinkQueue();
    SinkQueue(const SinkQueue&) = delete;
    SinkQueue& operator=(const SinkQueue&) = delete;

    /// Before `open`: where the books of this sink are kept.
    void set_counters(NodeCounters* counters) noexcept { counters_ = counters; }
    /// Before `open`: its part of each Epoch.
    void set_part(std::size_t part) noexcept { part_ = part; }
    [[nodiscard]] bool is_store() const noexcept { return setup_.store; }
    /// Starts the thread and opens the sink; answers when it is open. The store reads its newest
    /// epoch into `loaded` (null: there is no store); other sinks go on where it says.
    [[nodiscard]] Status open(Checkpoint* loaded, bool fresh);
    /// Takes over what the packet selects, and the step's barrier.
    void push(const Packet& packet, const StepInfo& step);
    /// Hands over what waits: nothing more is ready, or the ingress waits for its budget.
    void wake();
    /// Writes everything, closes the sink and ends the thread.
    [[nodiscard]] Status close();

    [[nodiscard]] const std::string& id() const noexcept { return id_; }
    /// Newest epoch whose rows the sink has made durable. Thread-safe.
    [[nodiscard]] std::uint64_t durable_epoch() const noexcept {
        return durable_epoch_.load(std::memory_order_acquire);
    }
    /// Rows that were dropped because it did not keep up. Thread-safe.
    [[nodiscard]] std::uint64_t shed_rows() const noexcept { return shed_.get(); }
    /// It dropped rows (`drop_oldest`) and has not kept up since. Thread-safe.
    [[nodiscard]] bool behind() const noexcept { return behind_.load(std::memory_order_relaxed); }
    /// From the time a step was due to when its rows reached this sink, once for each row.
    [[nodiscard]] const Histogram& latency() const noexcept { return latency_; }

private:
    struct Item {
        BatchRef batch;
        PodVector<std::uint32_t> rows;
        bool all = true;
        Epoch* epoch = nullptr;
        std::int64_t wall = 0;

        [[nodiscard]] Rows selected() const noexcept {
            if (!batch) return {};
            return all ? Rows{nullptr, batch->size()} : Rows{rows.data(), rows.size()};
        }
    };

    void work();
    [[nodiscard]] Status start();
    void handle(Item& item);
    [[nodiscard]] std::uint64_t write(const SinkRows& rows);
    [[nodiscard]] Status complete(Epoch& epoch);
    void shed();
    void publish();

    static constexpr std::uint64_t rows_per_wake = 256;

    Sink& sink_;
    Setup setup_;
    NodeCounters* counters_ = nullptr;
    std::size_t part_ = 0;
    std::string id_;
    std::mutex mutex_;
    std::condition_variable ready_;
    std::deque<Item> queue_;
    std::uint64_t queued_rows_ = 0;
    bool woken_ = false;
    bool closing_ = false;
    Books books_;                  ///< guarded by mutex_
    std::uint64_t processed_ = 0;  ///< guarded by mutex_
    Status failure_;
    Checkpoint* loaded_ = nullptr;  ///< until the sink is open
    std::vector<StateRow> state_;
    StateWriter writer_;
    std::uint64_t refused_ = 0;  ///< of `Sink::dropped`, what the books have
    std::atomic<std::uint64_t> durable_epoch_{0};
    std::atomic<bool> behind_{false};
    Counter shed_;
    Histogram latency_;
    std::promise<Status> opened_;
    std::thread thread_;
};

}  // namespace spillway::runtime
