#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/time.hpp>

namespace spillway {

/// A node numbers its timers 0..3; each key has one of each, in engine time and in event time.
using TimerId = std::uint8_t;
inline constexpr std::size_t timers_per_key = 4;

namespace detail {

/// When the timers of one key are due; `time_never` = not set.
using TimerTable = std::array<Time, timers_per_key>;

/// Due times of many keys, earliest first; ties go by key text, then timer number. Setting a
/// timer again leaves a stale entry behind, which is skipped when it comes up.
class TimerQueue {
public:
    struct Entry {
        Time due;
        std::uint32_t key;
        TimerId timer;
    };

    [[nodiscard]] Time next_due() const noexcept { return next_; }
    /// Whether a timer is due at `time`; none is, even at the end of time, when the queue is empty.
    [[nodiscard]] bool due(Time time) const noexcept { return next_ <= time && !heap_.empty(); }

    /// `text_of(key)` answers a key's text.
    template <class TextOf>
    void push(const Entry& entry, const TextOf& text_of) {
        heap_.push_back(entry);
        std::push_heap(heap_.begin(), heap_.end(), later(text_of));
        next_ = heap_.front().due;
    }
    template <class TextOf>
    Entry pop(const TextOf& text_of) {
        std::pop_heap(heap_.begin(), heap_.end(), later(text_of));
        const Entry entry = heap_.back();
        heap_.pop_back();
        next_ = heap_.empty() ? time_never : heap_.front().due;
        return entry;
    }
    void clear() noexcept {
        heap_.clear();
        next_ = time_never;
    }

private:
    template <class TextOf>
    static auto later(const TextOf& text_of) {
        return [&text_of](const Entry& a, const Entry& b) {
            if (a.due != b.due) return a.due > b.due;
            if (a.key != b.key) return text_of(a.key) > text_of(b.key);
            return a.timer > b.timer;
        };
    }

    std::vector<Entry> heap_;
    Time next_ = time_never;
};

}  // namespace detail
}  // namespace spillway
