#pragma once

#include <cstdint>
#include <string_view>

#include <spillway/batch.hpp>
#include <spillway/order.hpp>
#include <spillway/pod_vector.hpp>

namespace spillway {

/// Why a group of events was emitted, in the terms that order the outputs of shards: the key and
/// position of the record or watermark that was handled, then due time, key text and number of
/// the timer.
struct Trigger {
    OrderKey cause;  ///< full key of the input record or watermark; for timers (due, rank)
    Time due = 0;    ///< of a timer; 0 for records
    std::string_view key = {};  ///< key text of a timer; views into node state
    std::uint8_t timer = 0;
    std::uint32_t position = 0;  ///< of a record in its step: several may share one key
    std::uint32_t first = 0;     ///< index of the first event of the group
};

/// Where a node puts the events of one output port during one step. The engine owns it; a node
/// uses it only inside `step`. Emitted events get their place in the order here.
class Emitter {
public:
    /// A new event, stamped with engine time and order. Event time = engine time unless changed.
    Event& emit(Kind kind) noexcept {
        Event& event = batch().append(kind);
        stamp(event);
        event.event_time = now_;
        return event;
    }
    /// A copy of an input event (with its event time and id) at this place in the order.
    Event& forward(const Event& event, const Batch& from) noexcept {
        Event& copy = batch().append_copy(event, from);
        copy.flags &= static_cast<std::uint16_t>(~flag_broadcast);
        stamp(copy);
        return copy;
    }
    /// The batch being written: for blobs of the event just emitted.
    [[nodiscard]] Batch& batch() noexcept {
        if (!batch_) open();
        return *batch_;
    }
    [[nodiscard]] std::uint32_t size() const noexcept { return batch_ ? batch_->size() : 0; }
    void rollback(std::uint32_t size) noexcept {
        if (!batch_ || size >= batch_->size()) return;
        next_ -= batch_->size() - size;
        batch_->truncate(size);
    }

    // ---- for the adapters of the SDK and the engine ----

    /// What follows was caused by `key`; ordinals go on where the same cause left off.
    void begin(OrderKey key) noexcept {
        const std::uint64_t cause = cause_of(key.sequence);
        if (key.time != now_ || cause != cause_) {
            now_ = key.time;
            cause_ = cause;
            next_ = cause;
        }
    }
    /// Shards: remembers what caused the events that follow.
    void begin(const Trigger& trigger) {
        begin(trigger.cause);
        if (triggers_ != nullptr) {
            const std::uint32_t at = size();
            if (!triggers_->empty() && triggers_->back().first == at) {
                triggers_->back() = trigger;
            } else {
                triggers_->push_back(trigger);
            }
            triggers_->back().first = at;
        }
    }
    /// Passes a watermark on, behind everything emitted so far.
    void mark(const Watermark& watermark) {
        begin(watermark.key);
        marks_.push_back({{watermark.key.time, next_}, watermark.value, size()});
    }
    /// Starts a step; `triggers` is set in shards only.
    void reset(Ticket* ticket, PodVector<Trigger>* triggers) noexcept;
    [[nodiscard]] BatchRef take_batch() noexcept { return std::move(batch_); }
    [[nodiscard]] PodVector<Watermark>& marks() noexcept { return marks_; }

private:
    void stamp(Event& event) noexcept {
        event.receive_time = now_;
        event.sequence = next_;
        if ((next_ & ordinal_mask) != ordinal_mask) ++next_;
    }
    void open() noexcept;

    BatchRef batch_;
    Time now_ = time_before_all;
    std::uint64_t cause_ = 0;
    std::uint64_t next_ = 0;
    Ticket* ticket_ = nullptr;
    PodVector<Trigger>* triggers_ = nullptr;
    PodVector<Watermark> marks_;
};

}  // namespace spillway
