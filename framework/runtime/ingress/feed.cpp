#include <algorithm>

#include "runtime/ingress/ingress.hpp"

namespace spillway::runtime {

Feed::Feed(FeedSetup setup)
    : source_(*setup.source),
      id_(std::move(setup.id)),
      live_(setup.live),
      stayed_open_(setup.stayed_open),
      logs_(std::move(setup.logs)),
      journal_folder_(std::move(setup.journal)),
      checkpointed_(setup.checkpointed) {
    pending_.events = BatchRef::create();
    pending_.letters = BatchRef::create();
    pending_.node = id_;
}

void Feed::read(std::uint32_t limit) {
    if (checkpointed_ && !live_) remember_position();
    const std::uint32_t before = count();
    const std::uint32_t letters_before = pending_.letters->size();
    const Result<ReadState> state =
        journal_ ? read_journal() : source_.read(pending_, pending_.count() + limit);
    if (!frames_ && !pending_.frames.empty()) frames_ = true;
    if (!state) {
        failure_ = state.error();
        ended_ = true;
    } else {
        ended_ = *state == ReadState::end;
    }
    more_ = state && *state == ReadState::more;
    for (std::uint32_t i = before; i < count(); ++i) {
        Time& time = time_at(i);
        newest_ = std::max(reenters_ ? newest_ + 1 : newest_, time);
        time = newest_;
    }
    records_read_ += count() - before;
    letters_read_ += pending_.letters->size() - letters_before;
}

bool Feed::poll(std::uint32_t limit) {
    if (!has_record() && !ended() && !must_cut()) read(limit);
    return has_record();
}

Result<ReadState> Feed::read_journal() {
    const auto frames = journal_->next(pending_.block);
    if (!frames) return tl::make_unexpected(frames.error());
    if (const std::string& damage = journal_->damage(); !damage.empty()) {
        pending_.dead_letter(std::max(newest_, last_.time), damage,
                             "a part of the journal cannot be read", {});
    }
    if (frames->empty()) journal_.reset();
    for (const Frame& frame : *frames) pending_.frames.push_back(frame);
    return ReadState::more;
}

void Feed::finish() noexcept {
    if (live_) {
        source_.finish();
    } else {
        left_ = true;
    }
}

/// What was read back from the journal is there already.
void Feed::write_logs(const SourceInput& cut) {
    if (!live() || cut.frames.empty()) return;
    for (FrameLog& log : logs_) {
        if (Status status = log.write(cut.frames.view()); !status.ok() && failure_.ok()) {
            failure_ = status;
            left_ = true;
        }
    }
}

Status Feed::sync_logs() {
    for (FrameLog& log : logs_) {
        if (Status status = log.sync(); !status.ok()) return status;
    }
    return {};
}

void Feed::close_logs() {
    for (FrameLog& log : logs_) {
        if (Status status = log.close(); !status.ok() && failure_.ok()) failure_ = status;
    }
}

/// Unreadable records take numbers of their own, in their place.
void Feed::number_waiting_letters(std::uint64_t& sequence, std::uint32_t before) {
    while (letter_ < pending_.letters->size() && pending_.letter_positions[letter_] <= before) {
        Event& letter = (*pending_.letters)[letter_++];
        if (last_.time != time_before_all) letter.receive_time = last_.time;
        letter.sequence = caused_by_record(sequence++);
        ++letters_consumed_;
    }
}

void Feed::consume(std::uint64_t& sequence) {
    number_letters(sequence, next_);
    const std::uint64_t own = caused_by_record(sequence++);
    if (frames_) {
        pending_.frames[next_].sequence = own;
    } else {
        (*pending_.events)[next_].sequence = own;
    }
    last_ = {time_of(next_), own};
    ++next_;
    ++records_consumed_;
}

void Feed::cut(SourceInput& out, std::uint64_t& sequence) {
    const bool all = next_ == count() && ended_;
    if (all || live_ || letters_are_many()) number_letters(sequence, next_);
    out.last = last_;
    out.ended = all && !told_end_;
    told_end_ = told_end_ || all;
    cut_letters(out);
    if (frames_) {
        cut_frames(out);
        if (!logs_.empty()) write_logs(out);
    } else {
        cut_events(out);
    }
}

void Feed::cut_letters(SourceInput& out) {
    if (letter_ == letter_start_) return;
    out.letters = BatchRef::create();
    for (std::uint32_t i = letter_start_; i < letter_; ++i) {
        out.letters->append_copy((*pending_.letters)[i], *pending_.letters);
    }
    letter_start_ = letter_;
    if (letter_ == pending_.letters->size()) {
        pending_.letters = BatchRef::create();
        pending_.letter_positions.clear();
        letter_ = letter_start_ = 0;
    }
}

/// The shorter of the two parts, consumed or not, is copied; usually the rest is one record.
void Feed::cut_events(SourceInput& out) {
    if (next_ == start_) return;
    const std::uint32_t rest = count() - next_;
    if (start_ == 0 && rest <= next_) {
        BatchRef remaining = copy_of_rest();
        pending_.events->truncate(next_);
        out.events = std::exchange(pending_.events, std::move(remaining));
        forget_consumed();
        return;
    }
    out.events = BatchRef::create();
    for (; start_ < next_; ++start_) {
        out.events->append_copy((*pending_.events)[start_], *pending_.events);
    }
    // Small steps leave their records behind: these go once they are the larger part.
    if (rest > next_) return;
    pending_.events = copy_of_rest();
    forget_consumed();
}

BatchRef Feed::copy_of_rest() const {
    BatchRef rest = BatchRef::create();
    for (std::uint32_t i = next_; i < count(); ++i) {
        rest->append_copy((*pending_.events)[i], *pending_.events);
    }
    return rest;
}

/// `pending_` begins with the first record that is not consumed.
void Feed::forget_consumed() {
    for (std::uint32_t& position : pending_.letter_positions) {
        position = position > next_ ? position - next_ : 0;
    }
    next_ = start_ = 0;
}

void Feed::cut_frames(SourceInput& out) {
    if (next_ == start_) return;
    out.block = pending_.block;
    if (start_ == 0 && next_ == count()) {
        std::swap(out.frames, pending_.frames);
    } else {
        out.frames.resize_uninitialised(next_ - start_);
        std::copy(pending_.frames.begin() + start_, pending_.frames.begin() + next_,
                  out.frames.begin());
        start_ = next_;
        if (next_ < count()) return;
    }
    pending_.frames.clear();
    pending_.block = {};
    next_ = start_ = 0;
    for (std::uint32_t& position : pending_.letter_positions) position = 0;
}

}  // namespace spillway::runtime
