#include <algorithm>

#include <fmt/format.h>

#include "runtime/ingress/ingress.hpp"

// A source is always ahead of what was cut into steps, so its own position is not where a later
// run has to go on. The feed remembers positions from before each read, and how many of the records
// since then were consumed; a later run seeks there and leaves those out.

namespace spillway::runtime {
namespace {

struct FeedState {
    std::vector<std::byte> position;
    std::uint64_t skip_records = 0, skip_letters = 0;
    Time newest = time_before_all;  ///< receive time of the last record before the position
    OrderKey last;                  ///< of the last record consumed

    template <class Archive>
    void fields(Archive& io) {
        io(1, position);
        io(2, skip_records);
        io(3, skip_letters);
        io(4, newest);
        io(5, last.time);
        io(6, last.sequence);
    }
};

}  // namespace

void Feed::remember_position() {
    while (marks_.size() > 1 && marks_[1].records <= records_consumed_ &&
           marks_[1].letters <= letters_consumed_) {
        marks_.pop_front();
    }
    marks_.push_back({records_read_, letters_read_, newest_, position_now()});
}

std::vector<std::byte> Feed::position_now() {
    writer_.clear();
    source_.position(writer_);
    const auto bytes = writer_.bytes();
    return {bytes.begin(), bytes.end()};
}

const Feed::Mark& Feed::last_mark() noexcept {
    const auto behind = std::find_if(marks_.begin(), marks_.end(), [this](const Mark& mark) {
        return mark.records > records_consumed_ || mark.letters > letters_consumed_;
    });
    return *std::prev(behind);
}

/// What a live source had once is in its journal or gone, unless it stayed open.
Status Feed::restore_live(const std::vector<std::byte>& position, Time reached) {
    newest_ = std::max(newest_, last_.time);
    if (stayed_open_) return {};
    if (Status status = source_.seek(position); !status.ok()) return status;
    if (journal_folder_.empty()) return {};
    // Receive times of all sources together only grow: what is later has not been seen.
    auto reader = FrameLogReader::open(journal_folder_, reached);
    if (!reader) return reader.error();
    journal_.emplace(std::move(*reader));
    return {};
}

void Feed::snapshot(StateBuffer& out) {
    FeedState state;
    if (live_) {
        state.position = position_now();
        state.newest = last_.time;
    } else {
        if (marks_.empty()) remember_position();  // nothing was read yet
        const Mark& mark = last_mark();
        state = {mark.position, records_consumed_ - mark.records, letters_consumed_ - mark.letters,
                 mark.newest, last_};
    }
    state.last = last_;
    out.of(id_);
    out.put(position_part, engine_state_version, state);
}

Status Feed::restore(const Checkpoint& from, std::uint32_t limit, Time reached) {
    if (from.find(id_, position_part) == nullptr) return {};
    FeedState state;
    if (Status status = from.read(id_, position_part, state); !status.ok()) return status;
    last_ = state.last;
    if (live_) return restore_live(state.position, reached);
    if (Status status = source_.seek(state.position); !status.ok()) return status;
    newest_ = state.newest;
    const std::uint64_t wanted = state.skip_records + state.skip_letters;
    skip(wanted, limit);
    if (const std::uint64_t skipped = records_consumed_ + letters_consumed_; skipped != wanted) {
        if (!failure_.ok()) return failure_;
        return {Code::io, fmt::format("the input ends {} records before the place that the last "
                                      "run had reached: it was replaced or cut; start over with "
                                      "--fresh",
                                      wanted - skipped)};
    }
    return {};
}

void Feed::not_before(Time time) noexcept {
    newest_ = std::max(newest_, time);
    for (std::uint32_t i = next_; i < count(); ++i) time_at(i) = std::max(time_at(i), time);
}

void Feed::reenter(Time time) noexcept {
    reenters_ = true;
    newest_ = time;
    last_.time = time;
}

/// Reads again what an earlier run had consumed behind the position, and leaves it out. Records and
/// letters count alike: what was unreadable then may be a record now, by a repaired option.
void Feed::skip(std::uint64_t wanted, std::uint32_t limit) {
    while (!ended_ && records_read_ + letters_read_ < wanted) {
        if (frames_ && count() > 0) {
            // All of these go: frames of one read share a block.
            records_consumed_ += count();
            pending_.frames.clear();
            pending_.block = {};
            for (std::uint32_t& position : pending_.letter_positions) position = 0;
        }
        read(limit);
    }
    next_ = letter_ = 0;
    for (std::uint64_t left = wanted - records_consumed_; left > 0; --left) {
        const bool letter =
            letter_ < pending_.letters->size() && pending_.letter_positions[letter_] <= next_;
        if (!letter && next_ == count()) break;
        ++(letter ? letter_ : next_);
    }
    start_ = next_;
    letter_start_ = letter_;
    records_consumed_ += next_;
    letters_consumed_ = letter_;
    if (frames_ && next_ == count()) {
        pending_.frames.clear();
        pending_.block = {};
        next_ = start_ = 0;
        for (std::uint32_t& position : pending_.letter_positions) position = 0;
    }
}

}  // namespace spillway::runtime
