#include "runtime/graph/fan_in.hpp"

#include <algorithm>

namespace spillway::runtime {

/// The next thing on an input: an event, or a watermark that stands before it.
struct FanIn::Next {
    OrderKey key;
    std::size_t input = 0;
    bool is_mark = false;
    bool exists = false;

    /// At one key a watermark goes before events.
    [[nodiscard]] bool before(const Next& other) const noexcept {
        return key < other.key || (key == other.key && is_mark && !other.is_mark);
    }
};

std::optional<Time> FanIn::advance(std::size_t input, Time value) noexcept {
    watermarks_[input] = value;
    Time lowest = time_never;
    bool any_idle = false;
    for (std::size_t i = 0; i < watermarks_.size(); ++i) {
        if (!holds_[i]) continue;
        const Time watermark = watermarks_[i];
        if (watermark == watermark_idle) {
            any_idle = true;
        } else {
            lowest = std::min(lowest, watermark);
        }
    }
    // An idle input may come back: that the others have ended does not make its events late.
    const bool idle = any_idle && lowest == time_never;
    const bool woke = idle_ && !idle;
    if (idle && idle_) return std::nullopt;
    idle_ = idle;
    if (idle) return watermark_idle;
    if (lowest <= joint_) return woke ? std::optional(joint_) : std::nullopt;
    joint_ = lowest;
    return joint_;
}

FanIn::Next FanIn::next_of(std::span<const Packet> inputs, std::size_t i) const noexcept {
    const Packet& input = inputs[i];
    const Cursor& cursor = cursors_[i];
    const bool has_event = cursor.row < input.count();
    const std::uint32_t row = has_event ? input.selected()[cursor.row] : 0;
    if (cursor.mark < input.marks.size()) {
        const Watermark& mark = input.marks[cursor.mark];
        if (!has_event || mark.position <= row) return {mark.key, i, true, true};
    }
    if (has_event) return {order_of((*input.batch)[row]), i, false, true};
    return {};
}

/// The first in order of all; none exists at the end.
FanIn::Next FanIn::earliest(std::span<const Packet> inputs) const noexcept {
    Next best;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const Next next = next_of(inputs, i);
        if (next.exists && (!best.exists || next.before(best))) best = next;
    }
    return best;
}

void FanIn::merge(std::span<const Packet> inputs, Ticket* ticket, Packet& out) {
    out.clear();
    const auto has_events = [](const Packet& input) { return input.count() > 0; };
    const auto with_events = std::ranges::count_if(inputs, has_events);
    // One input with events: its batch is passed on as it is, only the watermarks are merged.
    const bool shared = with_events == 1;
    if (shared) {
        const Packet& only = *std::ranges::find_if(inputs, has_events);
        out.batch = only.batch;
        out.all = only.all;
        out.select(only.selected());
    } else if (with_events > 1) {
        out.batch = BatchRef::create();
        out.batch->set_ticket(ticket);
    }

    cursors_.assign(inputs.size(), {});
    std::uint32_t done = 0;  // events that were merged
    for (Next next = earliest(inputs); next.exists; next = earliest(inputs)) {
        const Packet& input = inputs[next.input];
        Cursor& cursor = cursors_[next.input];
        if (next.is_mark) {
            const Time value = input.marks[cursor.mark++].value;
            const std::optional<Time> joint = advance(next.input, value);
            if (!joint) continue;
            const bool at_end = done == out.count();
            const std::uint32_t end = out.batch ? out.batch->size() : 0;
            out.marks.push_back({next.key, *joint, at_end ? end : out.selected()[done]});
            continue;
        }
        if (!shared) {
            out.batch->append_copy((*input.batch)[input.selected()[cursor.row]], *input.batch);
        }
        ++cursor.row;
        ++done;
    }
}

}  // namespace spillway::runtime
