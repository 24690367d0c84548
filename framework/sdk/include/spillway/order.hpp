#pragma once

#include <compare>
#include <cstdint>

#include <spillway/event.hpp>
#include <spillway/time.hpp>

namespace spillway {

/// The total order of a pipeline: engine time, then timers before records, then the ingress
/// sequence of the record that caused the event (or the rank of the node whose timer did), then
/// the ordinal of the emission. The last three share 64 bits:
///
///     bit 63        0 = caused by a timer, 1 = caused by a record
///     bits 62..21   ingress sequence of the record, or topological rank of the node
///     bits 20..0    emission ordinal within that cause
///
/// Nothing in a key depends on how input was cut into steps, on batches, fusing or threads.
struct OrderKey {
    Time time = time_before_all;
    std::uint64_t sequence = 0;
    friend constexpr auto operator<=>(const OrderKey&, const OrderKey&) = default;
};

inline constexpr unsigned ordinal_bits = 21;
inline constexpr std::uint64_t ordinal_mask = (1ULL << ordinal_bits) - 1;
inline constexpr std::uint64_t record_phase = 1ULL << 63U;

/// Sequence of the first event caused by the record with this ingress sequence.
[[nodiscard]] constexpr std::uint64_t caused_by_record(std::uint64_t ingress_sequence) noexcept {
    return record_phase | (ingress_sequence << ordinal_bits);
}
/// Sequence of the first event caused by timers of the node with this rank.
[[nodiscard]] constexpr std::uint64_t caused_by_timer(std::uint32_t rank) noexcept {
    return static_cast<std::uint64_t>(rank) << ordinal_bits;
}
/// The cause without the ordinal.
[[nodiscard]] constexpr std::uint64_t cause_of(std::uint64_t sequence) noexcept {
    return sequence & ~ordinal_mask;
}

[[nodiscard]] inline OrderKey order_of(const Event& event) noexcept {
    return {event.receive_time, event.sequence};
}

/// A watermark travels in the stream: events with event time below `value` are complete. It is
/// placed before the events with index >= `position` of its batch, and carries the key of the
/// record that advanced it. It passes every filter.
struct Watermark {
    OrderKey key;
    Time value = 0;
    std::uint32_t position = 0;
};

/// Watermark value of an input that went idle: it no longer holds others back.
inline constexpr Time watermark_idle = time_before_all + 1;

}  // namespace spillway
