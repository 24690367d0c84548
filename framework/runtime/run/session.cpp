#include "runtime/run/session.hpp"

#include <algorithm>
#include <limits>

#include "runtime/ingress/wall_clock.hpp"
#include "runtime/run/pace.hpp"
#include "runtime/run/secrets.hpp"

namespace spillway::runtime {

void Session::fail(const Failure& failure) {
    {
        const std::lock_guard lock(failure_mutex_);
        if (failure_.status.ok()) {
            const std::string message =
                without_secrets(spec_, std::string(failure.status.message()));
            failure_ = failure;
            failure_.status = {failure.status.code(), message, failure.status.subject()};
        }
    }
    stop_.store(true);
    if (epoch_) epoch_->abandon();
}

Failure Session::failure() const {
    const std::lock_guard lock(failure_mutex_);
    return failure_;
}

std::uint64_t Session::durable_epoch() const noexcept {
    std::uint64_t lowest = sinks_.empty() ? 0 : sinks_.front()->durable_epoch();
    for (const auto& sink : sinks_) lowest = std::min(lowest, sink->durable_epoch());
    return lowest;
}

void Session::wake_sinks() {
    const bool all_are_there = executor_->idle();  // asked before the sinks are
    for (const auto& sink : sinks_) sink->wake();
    rows_wait_ = rows_wait_ && !all_are_there;
}

/// Which sinks of a pipeline that drops rather than waits keep up, for the listener.
void Session::watch_sinks(RunListener& listener) {
    for (std::size_t i = 0; i < sinks_.size(); ++i) {
        SinkLoss& loss = losses_[i];
        if (sinks_[i]->behind() == loss.behind) continue;
        loss.behind = !loss.behind;
        const std::uint64_t dropped = sinks_[i]->shed_rows();
        if (loss.behind) {
            listener.fell_behind(sinks_[i]->id());
        } else {
            listener.caught_up(sinks_[i]->id(), dropped - loss.told);
            loss.told = dropped;
        }
    }
}

void Session::publish(const CutStep& cut) {
    if (cut.records == 0) return;
    steps_.fetch_add(1, std::memory_order_relaxed);
    records_.fetch_add(cut.records, std::memory_order_relaxed);
    if (first_time_.load(std::memory_order_relaxed) == time_before_all) {
        first_time_.store(cut.first_time, std::memory_order_relaxed);
    }
    engine_time_.store(cut.last_time, std::memory_order_relaxed);
    Progress all;
    for (const auto& feed : ingress_->feeds()) {
        const Progress one = feed->source().progress();
        all.done += one.done;
        all.total += one.total;
    }
    if (all.total > 0) {
        progress_.store(static_cast<double>(all.done) / static_cast<double>(all.total),
                        std::memory_order_relaxed);
    }
}

/// At its interval, when something has happened since; not while one is on its way, except that
/// the last one waits for it.
bool Session::epoch_is_due(const CutStep& cut, std::int64_t now) {
    if (cut.last) {
        wake_sinks();
        epoch_->wait_over();
        return epoch_->over();  // after a failure, stages may still write into the one before
    }
    return now - last_epoch_at_ >= spec_.checkpoint_interval &&
           records_.load(std::memory_order_relaxed) != records_at_last_epoch_ && epoch_->over();
}

/// When a wait for the next record has to end for it.
std::int64_t Session::next_epoch_at(std::int64_t now) const noexcept {
    if (records_.load(std::memory_order_relaxed) == records_at_last_epoch_) {
        return std::numeric_limits<std::int64_t>::max();
    }
    constexpr std::int64_t look_again = 5'000'000;  // where the last one is still on its way
    return std::max(last_epoch_at_ + spec_.checkpoint_interval, now + look_again);
}

void Session::begin_epoch(const CutStep& cut, std::int64_t now) {
    last_epoch_at_ = now;
    records_at_last_epoch_ = records_.load(std::memory_order_relaxed);
    const auto& feeds = ingress_->feeds();
    const bool all_read = std::all_of(feeds.begin(), feeds.end(),
                                      [](const auto& feed) { return feed->failure().ok(); });
    finished_ = cut.last && all_read && !stop_.load();
    // What enters once more changes nothing about the end of the pipeline's own input.
    const bool at_end = settings_.reentry != nullptr ? last_epoch_.finished : finished_;
    const Time reached = cut.horizon == time_before_all ? cut.last_time : cut.horizon - 1;
    const EpochInfo info{++next_epoch_, reached, at_end};
    const Epoch::State state = !has_store_ ? Epoch::State::none
                               : renamed_  ? Epoch::State::all
                                           : Epoch::State::changed;
    epoch_->begin(info, state, starts_over_);
    starts_over_ = false;
    if (has_store_) {
        StateBuffer& out = epoch_->buffer(0);
        if (renamed_) std::swap(out, obsolete_);
        if (!described_) put_descriptions(out);
        std::string source;
        if (Status status = ingress_->sync_logs(source); !status.ok()) fail({source, status, {}});
        ingress_->snapshot(out);
        renamed_ = false;
        described_ = true;
    }
    epoch_->part_done(0);
}

void Session::submit(CutStep& cut, StepJob& job, bool backlog) {
    if (!budget_.available()) {
        hungry_.store(true, std::memory_order_release);
        wake_sinks();
        job.info.ticket = budget_.take(cut.records);
        hungry_.store(false, std::memory_order_release);
    } else {
        job.info.ticket = budget_.take(cut.records);
    }
    job.info.start = cut.start;
    job.info.horizon = cut.horizon;
    ++job.info.number;
    std::swap(job.sources, cut.sources);
    Ticket* ticket = job.info.ticket;
    executor_->submit(job, backlog);
    for (SourceInput& input : job.sources) input.clear();
    ticket->release();
}

void Session::make_executor() {
    const auto failed = [this](const Failure& failure) { fail(failure); };
    executor_ = settings_.executor == ExecutorKind::inline_only
                    ? make_inline_executor(graph_, failed)
                : settings_.executor == ExecutorKind::tbb
                    ? make_tbb_executor(graph_, settings_.threads, failed)
                    : make_auto_executor(graph_, settings_.threads, failed);
}

/// Of recorded sources: at once, or when the next record is due.
Session::Turn Session::next_turn(Pace& pace) {
    Turn turn;
    if (!pace.paced()) return turn;
    const std::optional<Time> next = ingress_->next_time();
    if (!next) return turn;
    if (!pace.due(*next)) {
        wake_sinks();
        pace.wait(*next, std::min(next_epoch_at(steady_nanoseconds()), leave_by()), stop_);
        turn.backlog = false;
        turn.cut = !stop_.load();
    }
    turn.until = pace.now();
    turn.wall = pace.wall_of(*next);
    return turn;
}

/// A change of threads costs more than a step: sinks that can wait are woken once in
/// `sink_distance`.
void Session::wait_for_arrivals() {
    constexpr std::int64_t sink_distance = 20 * millisecond;
    const std::int64_t now = steady_nanoseconds();
    if (rows_wait_ && now >= sinks_woken_at_ + sink_distance) {
        wake_sinks();
        sinks_woken_at_ = now;
    }
    const std::int64_t until_sinks =
        rows_wait_ ? sinks_woken_at_ + sink_distance - now : std::int64_t{second};
    const std::int64_t until_tick =
        stopping_ ? std::int64_t{second} : next_tick_ - clock_.at(wall_time(), now);
    const std::int64_t until = std::min({until_sinks, until_tick, next_epoch_at(now) - now});
    if (until > 0) holdings_.doorbell.wait(std::min<std::int64_t>(until, second));
}

/// Of live sources: when something has arrived, and at every full second, because time passes for
/// timers as well.
Session::Turn Session::next_live_turn() {
    Turn turn;
    turn.backlog = more_is_ready_;
    if (!more_is_ready_) wait_for_arrivals();
    turn.until = clock_.at(wall_time(), steady_nanoseconds());
    // A recording ends with its last frame: from the stop on only frames move time.
    if (turn.until >= next_tick_ && !stopping_) {
        turn.ticked = true;
        ingress_->advance_clock(floor_to(turn.until, second));
        next_tick_ = floor_to(turn.until, second) + second;
    }
    return turn;
}

/// A source that fails ends a pipeline that has no other end.
bool Session::check_feeds() {
    for (const auto& feed : ingress_->feeds()) {
        if (feed->failure().ok()) continue;
        fail({feed->id(), feed->failure(), {}});
        return false;
    }
    return true;
}

double Session::speed() const {
    if (settings_.speed) return *settings_.speed;
    const bool paced = std::any_of(
        assembled_.entries.begin(), assembled_.entries.end(),
        [](const auto& entry) { return entry.source != nullptr && entry.source->paced(); });
    return paced ? 1 : 0;
}

/// Of a pipeline with live sources.
void Session::start_clock() {
    if (resumed_) {
        // The wall clock may have been set back since.
        static_cast<void>(clock_.at(ingress_->reached(), last_epoch_at_));
        return;
    }
    // An epoch before the first frame: from it on a journal is read back.
    ingress_->advance_clock(clock_.at(wall_time(), last_epoch_at_));
    last_epoch_at_ -= spec_.checkpoint_interval;
    records_at_last_epoch_ = ~std::uint64_t{0};
}

void Session::run(RunListener& listener) {
    make_executor();
    Pace pace(speed());
    const bool live = ingress_->live();
    CutStep cut;
    StepJob job;
    last_epoch_at_ = steady_nanoseconds();
    if (holdings_.began_at == 0) holdings_.began_at = last_epoch_at_;
    if (live) start_clock();
    while (!cut.last) {
        if (steady_nanoseconds() >= leave_by()) stop_.store(true);
        if (stop_.load() && !stopping_) begin_stop();
        const Turn turn = live ? next_live_turn() : next_turn(pace);
        if (!turn.cut) continue;
        if (leave_at_ != 0 && steady_nanoseconds() > leave_at_) ingress_->leave();
        ingress_->cut(cut, turn.until);
        more_is_ready_ = cut.more;
        const std::int64_t now = steady_nanoseconds();
        job.info.wall = turn.wall != 0 ? turn.wall : now;
        if (live && cut.records > 0) {
            job.info.wall = now - std::max<Time>(turn.until - cut.first_time, 0);
        }
        if (live) static_cast<void>(check_feeds());
        publish(cut);
        job.info.epoch = nullptr;
        if (epoch_is_due(cut, now)) {
            begin_epoch(cut, now);
            job.info.epoch = epoch_.get();
        } else if (live && cut.empty() && !turn.ticked) {
            continue;
        }
        submit(cut, job, turn.backlog);
        rows_wait_ = true;
        watch_sinks(listener);
    }
    executor_->drain();
    wake_sinks();
    epoch_->wait_over();  // what was read before a source failed is kept
    for (const auto& feed : ingress_->feeds()) feed->close_logs();
    static_cast<void>(check_feeds());
    hand_over_sources();
}

void Session::close() {
    executor_.reset();
    for (const auto& sink : sinks_) {
        if (Status status = sink->close(); !status.ok()) fail({sink->id(), status, {}});
    }
}

}  // namespace spillway::runtime
