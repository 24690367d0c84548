#pragma once

#include <algorithm>
#include <cstring>
#include <limits>
#include <span>
#include <utility>

#include <spillway/fields.hpp>
#include <spillway/testing/conformance/subject.hpp>

// Runs of one scorer that differ in one thing: an input is missing, or has another size.

namespace spillway::testing::detail {

/// A copy of a script up to `end`. Of each event and its index, `edit` may change the event and
/// says whether it stays. Time passes as before.
template <class Edit>
[[nodiscard]] Script altered(const Script& script, Time end, Edit edit) {
    Script copy;
    const Batch& from = script.batch();
    std::size_t mark = 0;
    const auto marks_before = [&](std::uint32_t position) {
        for (; mark < script.marks().size() && script.marks()[mark].position <= position; ++mark) {
            copy.watermark(script.marks()[mark].value);
        }
    };
    std::uint32_t i = 0;
    for (; i < from.size() && from[i].receive_time <= end; ++i) {
        copy.wait_until(from[i].receive_time);
        marks_before(i);
        Event event = from[i];
        if (!edit(event, i)) continue;
        Event& kept = copy.at(event.receive_time, event.kind());
        event.sequence = kept.sequence;
        event.blob_length = 0;
        kept = event;
        const std::span<const std::byte> blob = from.blob(from[i]);
        if (!blob.empty()) copy.put(blob.data(), blob.size());
    }
    if (i == from.size()) marks_before(std::numeric_limits<std::uint32_t>::max());
    copy.wait_until(std::min(end, script.end()));
    return copy;
}

/// A script without the events of some kinds, from `after` on.
[[nodiscard]] inline Script without(const Script& script, KindSet kinds, Time after) {
    return altered(script, time_never, [&](const Event& event, std::uint32_t) {
        return !kinds.has(event.kind()) || event.receive_time < after;
    });
}

/// A script up to `end` in which one number of one event is `factor` times as large.
[[nodiscard]] inline Script with_scaled(const Script& script, std::uint32_t index,
                                        const FieldInfo& field, double factor, Time end) {
    return altered(script, end, [&](Event& event, std::uint32_t i) {
        if (i != index) return true;
        std::byte* const at = reinterpret_cast<std::byte*>(&event) + field.offset;
        double number = 0;
        std::memcpy(&number, at, sizeof number);
        number *= factor;
        std::memcpy(at, &number, sizeof number);
        return true;
    });
}

/// Makes a scorer tell every change.
[[nodiscard]] inline Subject talkative(Subject subject) {
    for (std::size_t i = 0; i < subject.option_shapes.size(); ++i) {
        if (subject.option_shapes[i].name == "min_change") subject.options[i].number = 0;
    }
    return subject;
}

/// Makes a scorer tell every change where it happens, on the shortest grid.
[[nodiscard]] inline Subject talkative_at_once(Subject subject) {
    subject = talkative(std::move(subject));
    for (std::size_t i = 0; i < subject.option_shapes.size(); ++i) {
        if (subject.option_shapes[i].name == "every") subject.options[i].integer = millisecond;
    }
    return subject;
}

}  // namespace spillway::testing::detail
