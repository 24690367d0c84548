#pragma once

#include <string_view>

#include <spillway/event.hpp>

namespace spillway {

/// The furthest that an event time may lie ahead of the receive time.
inline constexpr Duration largest_lead = 60 * second;

/// Why the engine refuses an event that a source read or a venue decoded; empty: it may enter. A
/// clock or a unit is wrong. What is refused becomes a dead letter, so no node meets an event time
/// with which sums of times and durations overflow.
[[nodiscard]] constexpr std::string_view refusal_of(const Event& event) noexcept {
    if (event.event_time < earliest_event_time || event.event_time >= latest_event_time) {
        return "event time is outside of the years 2009 to 2099";
    }
    if (event.event_time - largest_lead > event.receive_time) {
        return "event time is more than 60 s after receive time";
    }
    return {};
}

}  // namespace spillway
