#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "runtime/epoch/checkpoint.hpp"
#include "runtime/epoch/epoch.hpp"
#include "runtime/graph/executor.hpp"
#include "runtime/graph/graph.hpp"
#include "runtime/ingress/budget.hpp"
#include "runtime/ingress/ingress.hpp"
#include "runtime/ingress/live_clock.hpp"
#include "runtime/run/assembly.hpp"
#include "runtime/run/holdings.hpp"
#include "runtime/run/pace.hpp"
#include "runtime/run/runner.hpp"

namespace spillway::runtime {

/// A record that a node gave up on, by node.
struct PoisonedNode {
    std::string node;
    PoisonedRecord record;
};

/// One life of a pipeline, from fresh plugin objects to drained sinks. When a node fails or the
/// file is reloaded, the next session goes on from the newest epoch.
class Session {
public:
    /// Loads the plugins, creates and configures every node. Opens nothing yet. Sources in
    /// `holdings` go on in this session if they are configured as they were. All but `poisoned`
    /// must outlive the session.
    [[nodiscard]] static tl::expected<std::unique_ptr<Session>, Diagnostics> create(
        const PipelineSpec& spec, const RunSettings& settings, const std::vector<Tap>& taps,
        const std::vector<PoisonedNode>& poisoned, Holdings& holdings);
    ~Session();

    /// Opens sinks and sources and takes state back: from now on the pipeline can run. `fresh`: an
    /// earlier checkpoint is forgotten. `behind`: a session that takes the place of another goes on
    /// from exactly the epoch at which that one ended, so its store must hold it; 0: from whatever
    /// the store holds.
    [[nodiscard]] bool start(bool fresh, std::uint64_t behind = 0);
    /// Runs until the sources end, `stop`, or a failure; blocks the calling thread, which becomes
    /// the engine thread. Sources that stay open for `stop_for` are in the holdings then.
    void run(RunListener& listener);
    /// Lets everything that entered drain. From any thread, as the following.
    void stop() noexcept;
    /// The same because `next` is to take the place: live sources that can go on in it stay open,
    /// unless `stop` comes before the drain has begun.
    void stop_for(const PipelineSpec& next);
    /// Closes the sinks; what they had not made durable in an epoch is lost if the run failed.
    void close();

    /// All sources ended and nothing failed.
    [[nodiscard]] bool finished() const noexcept { return finished_; }
    /// The first thing that went wrong; its status is ok if nothing did.
    [[nodiscard]] Failure failure() const;
    /// The newest epoch before this session, 0 = none, and whether it goes on there.
    [[nodiscard]] const EpochInfo& last_epoch() const noexcept { return last_epoch_; }
    [[nodiscard]] bool resumed() const noexcept { return resumed_; }
    /// Every sink has made the rows of this epoch durable. Thread-safe, as the following.
    [[nodiscard]] std::uint64_t durable_epoch() const noexcept;
    [[nodiscard]] RunStatus status() const;
    [[nodiscard]] std::string metrics_text() const;

private:
    Session(const PipelineSpec& spec, const RunSettings& settings, Holdings& holdings);
    void redirect(const Reentry& reentry);
    void create_sinks();
    void build(const std::vector<PoisonedNode>& poisoned);
    void fail(const Failure& failure);
    [[nodiscard]] bool check(std::string_view node, Status status);
    [[nodiscard]] bool start_nodes();
    [[nodiscard]] bool open_sinks(bool fresh, std::uint64_t behind);
    [[nodiscard]] bool open_sources();
    [[nodiscard]] Result<FeedSetup> feed_of(std::size_t index);
    [[nodiscard]] bool restore();
    [[nodiscard]] Status check_sources() const;
    [[nodiscard]] Status is_another_store(std::uint64_t behind) const;
    [[nodiscard]] Status check_reentry() const;
    [[nodiscard]] bool epoch_is_due(const CutStep& cut, std::int64_t now);
    [[nodiscard]] std::int64_t next_epoch_at(std::int64_t now) const noexcept;
    void begin_epoch(const CutStep& cut, std::int64_t now);
    void put_descriptions(StateBuffer& out) const;
    /// When a step may be cut.
    struct Turn {
        Time until = time_never;  ///< records up to then may go into it
        std::int64_t wall = 0;    ///< when its oldest record was due; 0: now
        bool backlog = true;      ///< more is ready behind it
        bool cut = true;          ///< false: look again whether to stop
        bool ticked = false;      ///< the clock of a live pipeline went on
    };
    [[nodiscard]] Turn next_turn(Pace& pace);
    [[nodiscard]] Turn next_live_turn();
    void start_clock();
    [[nodiscard]] double speed() const;
    void wait_for_arrivals();
    [[nodiscard]] std::int64_t leave_by() const noexcept;
    void begin_stop();
    void hand_over_sources();
    [[nodiscard]] bool check_feeds();
    void make_executor();
    void submit(CutStep& cut, StepJob& job, bool backlog);
    void publish(const CutStep& cut);
    void wake_sinks();
    void watch_sinks(RunListener& listener);

    const PipelineSpec& spec_;
    const RunSettings& settings_;
    Holdings& holdings_;
    /// Outlives all that may hold a batch: after a failure, batches rest wherever they were.
    Budget budget_{Budget::Limits{}};
    Assembled assembled_;
    std::string data_dir_;
    std::vector<bool> needs_ids_;
    std::vector<std::unique_ptr<SinkQueue>> sinks_;
    std::vector<NodeInstances> instances_;
    Graph graph_;
    std::unique_ptr<Ingress> ingress_;
    std::unique_ptr<Epoch> epoch_;
    std::unique_ptr<Executor> executor_;

    Checkpoint checkpoint_;  ///< empty once state was taken back
    EpochInfo last_epoch_;
    bool resumed_ = false;
    /// Rows of earlier ids that go with the next epoch, all of whose state is then written anew.
    StateBuffer obsolete_;
    bool renamed_ = false;
    bool has_store_ = false;
    bool starts_over_ = false;  ///< the next epoch replaces all rows
    bool described_ = false;
    bool finished_ = false;
    std::uint64_t next_epoch_ = 0;
    std::int64_t last_epoch_at_ = 0;
    std::uint64_t records_at_last_epoch_ = 0;

    std::atomic<bool> started_{false};  ///< from now on the sources can be asked for their figures
    std::atomic<bool> stop_{false};
    std::atomic<bool> hungry_{false};
    std::mutex staying_mutex_;
    std::vector<std::string> staying_;  // guarded by staying_mutex_: sources that stay open
    bool stopping_ = false;
    std::int64_t leave_at_ = 0;  ///< live sources that have not closed by then are left
    LiveClock clock_;
    Time next_tick_ = time_before_all;
    bool more_is_ready_ = true;        ///< of live sources: the last step took not all there was
    bool rows_wait_ = false;           ///< of a step after which no sink was woken
    std::int64_t sinks_woken_at_ = 0;  ///< steady
    /// What was told about a sink that drops rows.
    struct SinkLoss {
        bool behind = false;
        std::uint64_t told = 0;  ///< rows dropped up to then
    };
    std::vector<SinkLoss> losses_;
    mutable std::mutex failure_mutex_;
    Failure failure_;  // guarded by failure_mutex_
    std::atomic<std::uint64_t> records_{0}, steps_{0};
    std::atomic<Time> engine_time_{time_before_all}, first_time_{time_before_all};
    std::atomic<double> progress_{-1};
};

}  // namespace spillway::runtime
