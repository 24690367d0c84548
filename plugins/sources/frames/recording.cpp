#include "recording.hpp"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "options.hpp"

namespace spillway::frames {

Status Recording::open(const std::string& path, const Selection& selection) {
    *this = Recording();
    return files_.open(path, selection);
}

Status Recording::seek(const RecordingPosition& position) {
    place_ = position.place;
    time_ = position.time;
    // A position from before the first read has no place: it is the start.
    return place_.file.empty() ? Status() : files_.seek(place_, time_);
}

Result<ReadState> Recording::read(SourceOutput& out, std::uint32_t limit) {
    const std::uint32_t before = out.count();
    while (out.count() == before) {
        if (Status status = look_ahead(0); !status.ok()) return tl::make_unexpected(status);
        if (pieces_.empty()) {
            if (!files_.truncated().ok()) return tl::make_unexpected(files_.truncated());
            return ReadState::end;
        }
        const std::uint32_t room = limit > before ? limit - before : 1;
        if (Status status = deliver(out, room); !status.ok()) return tl::make_unexpected(status);
    }
    return ReadState::more;
}

/// Reads until there is a piece of this index, or no more.
Status Recording::look_ahead(std::size_t index) {
    while (pieces_.size() <= index && !ended_) {
        auto piece = files_.next();
        if (!piece) return piece.error();
        std::optional<Piece>& found = *piece;
        ended_ = !found.has_value();
        if (found) pieces_.push_back(std::move(*found));
    }
    return {};
}

/// Whole instants of the first piece, `room` frames or a few more.
Status Recording::deliver(SourceOutput& out, std::uint32_t room) {
    Piece& piece = pieces_.front();
    const PodVector<Frame>& frames = piece.frames;
    const std::uint32_t begin = piece.next;
    std::uint32_t end = std::min(frames.size(), begin + std::min(room, frames.size()));
    while (end > begin && end < frames.size() &&
           frames[end].receive_time == frames[end - 1].receive_time) {
        ++end;
    }
    if (end == frames.size() && end > begin) {
        // Whether the last instant goes on is seen in the next piece that has frames.
        const Time last = frames[end - 1].receive_time;
        std::size_t next = 1;
        for (;; ++next) {
            if (Status status = look_ahead(next); !status.ok()) return status;
            if (next >= pieces_.size() || !pieces_[next].frames.empty()) break;
        }
        if (next < pieces_.size() && pieces_[next].frames[0].receive_time == last) {
            std::uint32_t start = end;
            while (start > begin && frames[start - 1].receive_time == last) --start;
            if (start == begin) return gather(out);
            end = start;
        }
    }
    // A deque keeps its elements in place while others are added behind them.
    out.block = piece.block;
    give(out, piece, end);
    if (piece.done()) pieces_.pop_front();
    return {};
}

/// The frames of a piece up to `end` with the damage between them; all damage behind the last one.
void Recording::give(SourceOutput& out, Piece& piece, std::uint32_t end) {
    const auto tell_before = [&](std::uint32_t number) {
        for (; piece.next_damage < piece.damages.size() &&
               piece.damages[piece.next_damage].before <= number;
             ++piece.next_damage) {
            tell(out, piece.damages[piece.next_damage]);
        }
    };
    for (; piece.next < end; ++piece.next) {
        tell_before(piece.numbers[piece.next]);
        out.frames.push_back(piece.frames[piece.next]);
        time_ = piece.frames[piece.next].receive_time;
    }
    if (piece.next == piece.frames.size()) tell_before(piece.count);
    place_ = piece.place();
}

/// An instant that begins with what is left of the first piece and goes on in others: copied into
/// a block of its own. One that is too large to be held ends here, and another begins.
Status Recording::gather(SourceOutput& out) {
    const std::uint32_t first = out.frames.size();
    const Time time = pieces_.front().frames[pieces_.front().next].receive_time;
    std::vector<BlockRef> held;
    std::size_t bytes = 0;
    for (bool more = true, full = false; more && !full;) {
        if (Status status = look_ahead(0); !status.ok()) return status;
        if (pieces_.empty()) break;
        Piece& piece = pieces_.front();
        std::uint32_t end = piece.next;
        for (; end < piece.frames.size() && piece.frames[end].receive_time == time; ++end) {
            const std::size_t size = piece.frames[end].bytes.size();
            full = bytes > 0 && bytes + size > largest_instant;
            if (full) break;
            bytes += size;
        }
        held.push_back(piece.block);
        give(out, piece, end);
        more = piece.done();
        if (more) pieces_.pop_front();
        if (full) begin_new_instant();
    }
    out.block = BlockRef(block_create(bytes));
    auto* at = reinterpret_cast<char*>(out.block.get()->data);
    for (std::uint32_t i = first; i < out.frames.size(); ++i) {
        std::string_view& text = out.frames[i].bytes;
        if (!text.empty()) std::memcpy(at, text.data(), text.size());
        text = {at, text.size()};
        at += text.size();
    }
    return {};
}

/// Frames that were not delivered are later than those that were.
void Recording::begin_new_instant() {
    files_.hold_after(time_);
    for (Piece& piece : pieces_) {
        for (std::uint32_t i = piece.next; i < piece.frames.size(); ++i) {
            piece.frames[i].receive_time = std::max(piece.frames[i].receive_time, time_ + 1);
        }
    }
    ++time_;
}

void Recording::tell(SourceOutput& out, const Piece::Damage& damage) const {
    out.dead_letter(std::max(time_, earliest_event_time), damage.place, damage.reason,
                    damage.sample);
}

}  // namespace spillway::frames
