#include "runtime/ingress/ingress.hpp"

#include <algorithm>

namespace spillway::runtime {

namespace {

/// What the ingress keeps beside the positions of the sources.
struct IngressState {
    std::uint64_t sequence = 0;
    Time last_time = time_before_all;
    Time start = time_before_all;
    template <class Archive>
    void fields(Archive& io) {
        io(1, sequence);
        io(2, last_time);
        io(3, start);
    }
};

}  // namespace

Ingress::Ingress(std::vector<FeedSetup> feeds, std::uint32_t limit,
                 std::optional<std::uint64_t> random)
    : limit_(limit) {
    for (FeedSetup& setup : feeds) {
        live_ = live_ || setup.live;
        feeds_.push_back(std::make_unique<Feed>(std::move(setup)));
    }
    if (random) random_.emplace(*random);
}

void Ingress::snapshot(StateBuffer& out) {
    // Of a live pipeline: nothing that enters later can be earlier than the clock.
    const Time reached = std::max(last_time_, clock_ == time_before_all ? clock_ : clock_ - 1);
    IngressState state{sequence_, reached, start_};
    out.of(ingress_node);
    out.put({}, engine_state_version, state);
    if (reenters_) return;
    for (const auto& feed : feeds_) feed->snapshot(out);
}

Status Ingress::restore(const Checkpoint& from, std::string& failed_source) {
    IngressState state;
    if (Status status = from.read(ingress_node, {}, state); !status.ok()) return status;
    sequence_ = state.sequence;
    last_time_ = state.last_time;
    start_ = state.start;
    for (const auto& feed : feeds_) {
        if (reenters_) {
            feed->reenter(last_time_);
            continue;
        }
        if (Status status = feed->restore(from, limit_, last_time_); !status.ok()) {
            failed_source = feed->id();
            return status;
        }
        feed->not_before(last_time_);  // records that entered once more have moved it
    }
    return {};
}

void Ingress::finish(std::span<const std::string> staying) noexcept {
    finishing_ = true;
    for (const auto& feed : feeds_) {
        const bool stays = std::find(staying.begin(), staying.end(), feed->id()) != staying.end();
        if (stays && feed->live()) {
            staying_.push_back(feed.get());
        } else {
            feed->finish();
        }
    }
}

bool Ingress::all_have_closed() const noexcept {
    return std::all_of(feeds_.begin(), feeds_.end(), [this](const auto& feed) {
        return feed->ended() ||
               std::find(staying_.begin(), staying_.end(), feed.get()) != staying_.end();
    });
}

bool Ingress::leave_open_when_due() noexcept {
    if (staying_.empty() || !all_have_closed()) return false;
    for (Feed* const feed : staying_) feed->leave_open();
    staying_.clear();
    return true;
}

void Ingress::leave() noexcept {
    for (const auto& feed : feeds_) {
        const bool stays =
            std::find(staying_.begin(), staying_.end(), feed.get()) != staying_.end();
        if (!stays) feed->leave();
    }
}

Status Ingress::sync_logs(std::string& failed_source) {
    for (const auto& feed : feeds_) {
        if (Status status = feed->sync_logs(); !status.ok()) {
            failed_source = feed->id();
            return status;
        }
    }
    return {};
}

/// In a live pipeline, what was recorded up to now comes first: a journal that is read back, a
/// file. Until then time is that of the recording.
bool Ingress::recorded_is_due(Time until) {
    if (!live_) return false;
    return std::any_of(feeds_.begin(), feeds_.end(), [&](const auto& feed) {
        if (feed->live() || feed->ended()) return false;
        feed->look(limit_);
        return feed->must_cut() || (feed->has_record() && feed->head_time() <= until);
    });
}

/// The feed with the earliest record. Each that has not ended is asked for one first, and waited
/// for unless it is live.
Ingress::Choice Ingress::earliest(Time until) {
    Choice choice;
    const bool recorded_first = recorded_is_due(until);
    for (const auto& feed : feeds_) {
        feed->look(limit_);
        if (feed->live() && (recorded_first || !feed->poll(limit_))) {
            choice.waiting = choice.waiting || !feed->ended();
            continue;
        }
        if (!feed->has_record()) {
            choice.must_cut = choice.must_cut || feed->must_cut();
            continue;
        }
        if (live_) feed->stamp(feed->live() ? next_stamp() : last_time_);
        const Time time = feed->head_time();
        if (choice.feed == nullptr) {
            choice.feed = feed.get();
        } else if (time < choice.feed->head_time()) {
            // At equal times the feed that comes first in the file goes first.
            choice.alone_before = choice.feed->head_time();
            choice.feed = feed.get();
        } else {
            choice.alone_before = std::min(choice.alone_before, time + 1);
        }
    }
    return choice;
}

Ingress::RunEnd Ingress::consume_run(CutStep& step, const Choice& choice, std::uint32_t limit,
                                     Time until) {
    Feed& feed = *choice.feed;
    do {
        if (feed.live()) {
            feed.stamp(next_stamp());
            if (feed.head_time() >= choice.alone_before) return RunEnd::choose_again;
        }
        const Time time = feed.head_time();
        const bool new_instant = time != last_time_ || step.records == 0;
        // A read of frames ends with an instant; others may still have records of it.
        if (choice.must_cut && time != last_time_) return RunEnd::step_full;
        if (new_instant && step.records > 0 && step.records >= limit) return RunEnd::step_full;
        if (new_instant && time > until && !feed.live()) return RunEnd::not_due;
        if (!feed.head_is_ready()) {
            if (new_instant && step.records > 0) return RunEnd::step_full;
            feed.read(limit_);
            return RunEnd::choose_again;
        }
        if (step.records == 0) step.first_time = time;
        if (start_ == time_before_all) start_ = time;
        feed.consume(sequence_);
        last_time_ = time;
        ++step.records;
    } while (feed.has_record() && feed.head_time() < choice.alone_before);
    return RunEnd::choose_again;
}

std::optional<Time> Ingress::next_time() {
    if (stopped_) return std::nullopt;
    const Feed* first = earliest(time_never).feed;
    return first != nullptr ? std::optional(first->head_time()) : std::nullopt;
}

void Ingress::cut(CutStep& step, Time until) {
    step.sources.resize(feeds_.size());
    for (SourceInput& input : step.sources) input.clear();
    step.records = 0;
    step.last = false;
    static_cast<void>(leave_open_when_due());
    std::uint32_t limit = limit_;
    if (random_) {
        // Not std::uniform_int_distribution: its draws differ between standard libraries.
        limit = 1 + static_cast<std::uint32_t>((*random_)() % limit_);
    }
    while (true) {
        const Choice choice = stopped_ ? Choice{} : earliest(until);
        if (choice.feed == nullptr) {
            if (leave_open_when_due()) continue;  // the last of the others has just closed
            step.last = !choice.must_cut && !choice.waiting;
            step.more = choice.must_cut;
            break;
        }
        const RunEnd end = consume_run(step, choice, limit, until);
        step.more = end == RunEnd::step_full;
        if (end != RunEnd::choose_again) break;
    }
    for (const auto& feed : feeds_) step.more = step.more || feed->has_more();
    for (std::size_t i = 0; i < feeds_.size(); ++i) feeds_[i]->cut(step.sources[i], sequence_);
    step.start = start_;
    step.last_time = last_time_;
    // The instant is complete: what is due at its end may fire.
    const bool recorded = !stopped_ && recorded_is_due(until);
    step.horizon = recorded && last_time_ != time_before_all ? last_time_ + 1 : next_stamp();
    // Who is told to stop has not come to an end: windows stay open for a later run.
    const bool by_itself = !finishing_ && !reenters_;
    const bool ended = step.last && !stopped_;
    for (SourceInput& input : step.sources) input.ended = by_itself && (input.ended || ended);
}

}  // namespace spillway::runtime
