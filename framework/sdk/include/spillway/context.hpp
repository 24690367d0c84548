#pragma once

#include <cstdint>

#include <spillway/detail/timer_queue.hpp>
#include <spillway/node.hpp>

namespace spillway {

/// What a handler may use while it handles one record or timer. Valid during that call only.
class Context {
public:
    /// Engine time of what is being handled.
    [[nodiscard]] Time now() const noexcept { return now_; }
    /// Events with event time below this are complete.
    [[nodiscard]] Time watermark() const noexcept { return watermark_; }
    /// Where results go; port 0 is the default output, then About::ports in their order.
    [[nodiscard]] Emitter& out(std::uint32_t port = 0) noexcept { return output_->ports[port]; }
    /// The batch of the event being handled (its blob, its texts). Not valid in timers.
    [[nodiscard]] const Batch& batch() const noexcept { return *batch_; }
    [[nodiscard]] const NodeSetup& setup() const noexcept { return *setup_; }

    /// One timer of each number per key; setting it again moves it. A time that is not after
    /// `now` is due 1 ns after it: at the end of the instant.
    void set_timer(TimerId timer, Time due) noexcept {
        (*engine_)[timer] = due > now_ ? due : now_ + 1;
    }
    void cancel_timer(TimerId timer) noexcept { (*engine_)[timer] = time_never; }
    [[nodiscard]] bool timer_set(TimerId timer) const noexcept {
        return (*engine_)[timer] != time_never;
    }
    /// Fires when the watermark reaches `due`.
    void set_event_timer(TimerId timer, Time due) noexcept { (*event_)[timer] = due; }
    void cancel_event_timer(TimerId timer) noexcept { (*event_)[timer] = time_never; }

    /// The verdict "too late": counted, and sent to the output `late` where the plugin has one.
    void late(const Event& event) noexcept {
        ++output_->books->late;
        if (late_port_ != 0) out(late_port_).forward(event, *batch_);
    }
    void duplicate() noexcept { ++output_->books->duplicate; }
    void filtered() noexcept { ++output_->books->filtered; }

private:
    template <class Self, class State>
    friend class KeyedTransform;
    Time now_ = time_before_all;
    Time watermark_ = time_before_all;
    const Batch* batch_ = nullptr;
    StepOutput* output_ = nullptr;
    const NodeSetup* setup_ = nullptr;
    detail::TimerTable* engine_ = nullptr;
    detail::TimerTable* event_ = nullptr;
    std::uint32_t late_port_ = 0;
};

}  // namespace spillway
