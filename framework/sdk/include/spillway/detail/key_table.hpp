#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <spillway/detail/code_table.hpp>
#include <spillway/detail/timer_queue.hpp>
#include <spillway/id.hpp>
#include <spillway/time.hpp>

namespace spillway::detail {

/// One key of a keyed node.
template <class State>
struct KeyEntry {
    std::string text;
    std::uint64_t hash = 0;
    std::uint32_t index = 0;
    bool changed = true;  ///< since it was last handed to a snapshot
    State state;
    TimerTable engine{}, event{};
    Time slot = time_before_all;  ///< time of the newest emission, and how many it had
    std::uint32_t slot_count = 0;

    template <class Archive>
    void fields(Archive& io) {
        io(1, state);
        io(2, engine);
        io(3, event);
        io(4, slot);
        io(5, slot_count);
    }
};

/// The keys of a keyed node with their state and timers; found by a process-local code, or by
/// text. Keys stay where they are; nothing is ever removed.
template <class State>
class KeyTable {
public:
    using Key = KeyEntry<State>;

    [[nodiscard]] Key& operator[](std::uint32_t index) noexcept { return keys_[index]; }
    [[nodiscard]] std::deque<Key>& all() noexcept { return keys_; }
    /// Indices of all keys, by text.
    [[nodiscard]] std::span<const std::uint32_t> by_text() const noexcept { return by_text_; }

    [[nodiscard]] Key* find(std::uint64_t code) noexcept {
        if (code == last_code_ && last_key_ != nullptr) return last_key_;
        const std::uint32_t known = by_code_.find(code);
        if (known == CodeTable::none) return nullptr;
        last_code_ = code;
        return last_key_ = &keys_[known];
    }
    /// The key of that text is found by that code from now on.
    void learn(std::uint64_t code, const Key& key) { by_code_.insert(code, key.index); }

    /// The key of that text, and whether it is new.
    std::pair<Key&, bool> add(std::string_view text) {
        const auto at = std::lower_bound(by_text_.begin(), by_text_.end(), text,
                                         [this](std::uint32_t index, std::string_view other) {
                                             return keys_[index].text < other;
                                         });
        if (at != by_text_.end() && keys_[*at].text == text) return {keys_[*at], false};
        Key& key = keys_.emplace_back();
        key.hash = hash_text(text);
        key.text = text;
        key.index = static_cast<std::uint32_t>(keys_.size() - 1);
        key.engine.fill(time_never);
        key.event.fill(time_never);
        by_text_.insert(at, key.index);
        return {key, true};
    }

    // ---- timers; a timer that was moved or cancelled leaves an entry behind, which is skipped
    // ----

    /// No engine timer is due before.
    [[nodiscard]] Time next_engine_timer() const noexcept { return engine_timers_.next_due(); }
    /// Calls `fire(key, timer, due)` for engine timers due up to `until`, earliest first; they may
    /// set more.
    template <class Fire>
    void fire_engine_timers(Time until, const Fire& fire) {
        this->fire(engine_timers_, &Key::engine, until, fire);
    }
    /// The same for event timers that the watermark has reached.
    template <class Fire>
    void fire_event_timers(Time watermark, const Fire& fire) {
        this->fire(event_timers_, &Key::event, watermark, fire);
    }
    /// Queues the timers of a key that are others than they were.
    void schedule(const Key& key, const TimerTable& engine, const TimerTable& event) {
        for (TimerId timer = 0; timer < timers_per_key; ++timer) {
            if (key.engine[timer] != engine[timer] && key.engine[timer] != time_never) {
                engine_timers_.push({key.engine[timer], key.index, timer}, texts());
            }
            if (key.event[timer] != event[timer] && key.event[timer] != time_never) {
                event_timers_.push({key.event[timer], key.index, timer}, texts());
            }
        }
    }
    /// Queues all timers of a key that was read back.
    void schedule(const Key& key) {
        TimerTable unset;
        unset.fill(time_never);
        schedule(key, unset, unset);
    }

private:
    [[nodiscard]] auto texts() const noexcept {
        return [this](std::uint32_t index) { return std::string_view(keys_[index].text); };
    }
    template <class Fire>
    void fire(TimerQueue& queue, TimerTable Key::*table, Time until, const Fire& fire) {
        while (queue.due(until)) {
            const TimerQueue::Entry entry = queue.pop(texts());
            Key& key = keys_[entry.key];
            if ((key.*table)[entry.timer] != entry.due) continue;
            (key.*table)[entry.timer] = time_never;
            fire(key, entry.timer, entry.due);
        }
    }

    std::deque<Key> keys_;
    std::vector<std::uint32_t> by_text_;
    CodeTable by_code_;
    std::uint64_t last_code_ = 0;
    Key* last_key_ = nullptr;
    TimerQueue engine_timers_, event_timers_;
};

}  // namespace spillway::detail
