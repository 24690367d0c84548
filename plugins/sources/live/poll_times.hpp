#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "backoff.hpp"
#include "plan.hpp"

namespace spillway::live {

// When polls are due. Those of periods (`after_period`) come a little after each period's end; the
// others have places of their own in `every`, so that hundreds do not come at once.

/// The first round of many polls takes this long: data is wanted soon, but not all at once.
inline constexpr Duration first_round = 10 * second;

/// Place in [0, 1) of the poll with this number. By the golden ratio the places of any first
/// numbers lie evenly, however many follow.
[[nodiscard]] inline double place_of(std::uint64_t number) noexcept {
    const double places = static_cast<double>(number) * 0.61803398874989485;
    return places - std::floor(places);
}

[[nodiscard]] inline Time first_due(const PollPlan& poll, double place, Time now) noexcept {
    if (poll.every == 0) return now;
    const Duration span = std::min(poll.every, first_round);
    return now + static_cast<Duration>(place * static_cast<double>(span));
}

/// After an answer; `time_never` for a poll that is asked once.
[[nodiscard]] inline Time next_due(const PollPlan& poll, double place, Time now,
                                   Random& random) noexcept {
    if (poll.every == 0) return time_never;
    const Duration phase = poll.after_period
                               ? *poll.after_period
                               : static_cast<Duration>(place * static_cast<double>(poll.every));
    Time due = floor_to(now - phase, poll.every) + poll.every + phase;
    if (!poll.after_period && due - now < poll.every / 4) due += poll.every;
    return due + part_of(std::min(poll.every / 20, first_round), random);
}

}  // namespace spillway::live
