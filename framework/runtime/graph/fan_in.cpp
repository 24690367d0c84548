#include "runtime/graph/fan_in.hpp"

#include <algorithm>

namespace spillway::runtime {
namespace {

/// The next thing on an input: an event, or a watermark that stands before it.
struct Next {
    OrderKey key;
    bool is_mark = false;
    bool exists = false;
};

}  // namespace

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

void FanIn::merge(std::span<const Packet> inputs, Ticket* ticket, Packet& out) {
    out.clear();
    std::size_t with_events = 0;
    std::size_t only = 0;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (inputs[i].count() == 0) continue;
        ++with_events;
        only = i;
    }
    // One input with events: its batch is passed on as it is, only the watermarks are merged.
    const bool share = with_events == 1;
    if (share) {
        out.batch = inputs[only].batch;
        out.all = inputs[only].all;
        const Rows rows = inputs[only].selected();
        if (!out.all) out.select(rows);
    } else if (with_events > 1) {
        out.batch = BatchRef::create();
        out.batch->set_ticket(ticket);
    }

    cursors_.assign(inputs.size(), {});
    const auto next_of = [&](std::size_t i) -> Next {
        const Packet& input = inputs[i];
        const Cursor& cursor = cursors_[i];
        const bool has_event = cursor.row < input.count();
        const std::uint32_t row = has_event ? input.selected()[cursor.row] : 0;
        if (cursor.mark < input.marks.size()) {
            const Watermark& mark = input.marks[cursor.mark];
            if (!has_event || mark.position <= row) return {mark.key, true, true};
        }
        if (has_event) return {order_of((*input.batch)[row]), false, true};
        return {};
    };

    while (true) {
        std::size_t first = inputs.size();
        Next best;
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            const Next next = next_of(i);
            if (!next.exists) continue;
            // At one key a watermark goes before events.
            const bool earlier = first == inputs.size() || next.key < best.key ||
                                 (next.key == best.key && next.is_mark && !best.is_mark);
            if (earlier) {
                first = i;
                best = next;
            }
        }
        if (first == inputs.size()) return;
        const Packet& input = inputs[first];
        Cursor& cursor = cursors_[first];
        if (best.is_mark) {
            const Time value = input.marks[cursor.mark++].value;
            if (const std::optional<Time> joint = advance(first, value)) {
                const std::uint32_t position =
                    share ? (cursors_[only].row < inputs[only].count()
                                 ? inputs[only].selected()[cursors_[only].row]
                                 : inputs[only].batch->size())
                          : (out.batch ? out.batch->size() : 0);
                out.marks.push_back({best.key, *joint, position});
            }
            continue;
        }
        if (!share)
            out.batch->append_copy((*input.batch)[input.selected()[cursor.row]], *input.batch);
        ++cursor.row;
    }
}

}  // namespace spillway::runtime
