#include "mailbox.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <spillway/feed_frames.hpp>

namespace spillway::live {
namespace {

constexpr std::size_t most_spare = 8;

}  // namespace

Time Mailbox::put(const Item& item, Time now) {
    bool was_empty = false;
    Time time = 0;
    {
        const std::lock_guard lock(mutex_);
        if (ended_) return newest_;
        was_empty = is_empty();
        filled_.store(true, std::memory_order_release);
        make_room(item.bytes.size());
        time = stamp(now);
        auto* at = reinterpret_cast<char*>(filling_.block.get()->data) + filling_.used;
        if (!item.bytes.empty()) std::memcpy(at, item.bytes.data(), item.bytes.size());
        filling_.used += item.bytes.size();
        filling_.frames.push_back({time,
                                   0,
                                   {at, item.bytes.size()},
                                   item.session,
                                   item.channel,
                                   venue_,
                                   item.http_status,
                                   item.type,
                                   item.binary});
    }
    if (was_empty && arrivals_ != nullptr) arrivals_->notify();
    return time;
}

void Mailbox::put_letter(std::string_view place, std::string_view reason, std::string_view raw,
                         std::uint64_t raw_size, Time now) {
    bool was_empty = false;
    {
        const std::lock_guard lock(mutex_);
        if (ended_) return;
        was_empty = is_empty();
        filled_.store(true, std::memory_order_release);
        if (filling_.letter_bytes >= block_size) close_segment();
        filling_.add({filling_.frames.size(), stamp(now), std::string(place), std::string(reason),
                      std::string(raw), raw_size});
        keep_limit(0);
    }
    if (was_empty && arrivals_ != nullptr) arrivals_->notify();
}

void Mailbox::end() {
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
        filled_.store(true, std::memory_order_release);
    }
    if (arrivals_ != nullptr) arrivals_->notify();
}

ReadState Mailbox::take(SourceOutput& out) {
    if (!filled_.load(std::memory_order_acquire)) return ReadState::waiting;
    const std::lock_guard lock(mutex_);
    if (!lost_.empty()) {
        hand_over(lost_, out);
    } else if (!full_.empty()) {
        held_ -= full_.front().cost();
        hand_over(full_.front(), out);
        full_.erase(full_.begin());
    } else if (!filling_.empty()) {
        hand_over(filling_, out);
    } else {
        return ReadState::end;
    }
    if (!is_empty()) return ReadState::more;
    filled_.store(ended_, std::memory_order_release);
    return ended_ ? ReadState::end : ReadState::waiting;
}

void Mailbox::not_before(Time time) {
    const std::lock_guard lock(mutex_);
    newest_ = std::max(newest_, time);
}

Time Mailbox::newest() const {
    const std::lock_guard lock(mutex_);
    return newest_;
}

std::uint64_t Mailbox::dropped() const {
    const std::lock_guard lock(mutex_);
    return dropped_;
}

std::size_t Mailbox::waiting_bytes() const {
    const std::lock_guard lock(mutex_);
    return held_ + filling_.cost() + lost_.cost();
}

bool Mailbox::is_empty() const noexcept {
    return lost_.empty() && full_.empty() && filling_.empty();
}

Time Mailbox::stamp(Time now) noexcept {
    return newest_ = newest_ == time_before_all ? now : std::max(now, newest_ + 1);
}

/// Makes `filling_` have room for one more frame of `size` bytes.
void Mailbox::make_room(std::size_t size) {
    if (filling_.has_room(size)) return keep_limit(sizeof(Frame));
    if (filling_.block || filling_.letter_bytes >= block_size) close_segment();
    const std::size_t capacity = std::max(size, block_size);
    keep_limit(capacity + sizeof(Frame));
    filling_.block = BlockRef(block_create(capacity));
    if (!spare_.empty()) {
        filling_.frames = std::move(spare_.back());
        spare_.pop_back();
    }
}

void Mailbox::close_segment() {
    held_ += filling_.cost();
    full_.push_back(std::exchange(filling_, {}));
}

/// Drops what is older than `filling_` until `more` bytes fit.
void Mailbox::keep_limit(std::size_t more) {
    while (!full_.empty() && held_ + filling_.cost() + lost_.cost() + more > limit_) drop_oldest();
}

/// Data goes, also that of letters; what happened to connections stays, in its order.
void Mailbox::drop_oldest() {
    Segment victim = std::move(full_.front());
    full_.erase(full_.begin());
    held_ -= victim.cost();
    std::size_t letter = 0;
    const auto keep_letters = [&](std::uint32_t before) {
        for (; letter < victim.letters.size() && victim.letters[letter].before <= before;
             ++letter) {
            Letter& kept = victim.letters[letter];
            kept.before = lost_.frames.size();
            kept.raw = {};
            lost_.add(std::move(kept));
        }
    };
    for (std::uint32_t i = 0; i < victim.frames.size(); ++i) {
        keep_letters(i);
        const Frame& frame = victim.frames[i];
        if (frame.type == FrameType::data || frame.type == FrameType::response) {
            ++dropped_;
            stand_in(frame);
        } else {
            append(lost_, frame);
        }
    }
    keep_letters(victim.frames.size());
}

/// One gap for all that a session loses in a row.
void Mailbox::stand_in(const Frame& dropped) {
    const PodVector<Frame>& kept = lost_.frames;
    for (std::uint32_t i = kept.size(); i > 0; --i) {
        const Frame& frame = kept[i - 1];
        if (frame.session != dropped.session || frame.channel != dropped.channel) continue;
        if (frame.type == FrameType::gap && frame.bytes == overflow_reason) return;
        break;
    }
    Frame gap = dropped;
    gap.type = FrameType::gap;
    gap.bytes = overflow_reason;
    gap.http_status = 0;
    gap.binary = false;
    append(lost_, gap);
}

void Mailbox::append(Segment& segment, Frame frame) {
    const std::size_t size = frame.bytes.size();
    if (segment.used + size > segment.capacity() || !segment.block) {
        BlockRef larger(block_create(std::max(2 * segment.capacity() + size, std::size_t{4096})));
        auto* to = reinterpret_cast<char*>(larger.get()->data);
        if (segment.used > 0) std::memcpy(to, segment.block.get()->data, segment.used);
        for (Frame& moved : segment.frames) {
            const auto* from = reinterpret_cast<const char*>(segment.block.get()->data);
            moved.bytes = {to + (moved.bytes.data() - from), moved.bytes.size()};
        }
        segment.block = std::move(larger);
    }
    char* at = reinterpret_cast<char*>(segment.block.get()->data) + segment.used;
    if (size > 0) std::memcpy(at, frame.bytes.data(), size);
    segment.used += size;
    frame.bytes = {at, size};
    segment.frames.push_back(frame);
}

void Mailbox::hand_over(Segment& segment, SourceOutput& out) {
    if (segment.letters.empty() && out.frames.empty()) {
        std::swap(out.frames, segment.frames);
    } else {
        std::size_t letter = 0;
        for (std::uint32_t i = 0; i <= segment.frames.size(); ++i) {
            for (; letter < segment.letters.size() && segment.letters[letter].before <= i;
                 ++letter) {
                const Letter& told = segment.letters[letter];
                out.dead_letter(told.time, told.place, told.reason, told.raw, told.raw_size);
            }
            if (i < segment.frames.size()) out.frames.push_back(segment.frames[i]);
        }
    }
    out.block = std::move(segment.block);
    segment.frames.clear();
    if (spare_.size() < most_spare) spare_.push_back(std::move(segment.frames));
    segment = {};
}

}  // namespace spillway::live
