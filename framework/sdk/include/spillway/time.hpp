#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace spillway {

/// Nanoseconds since 1970-01-01 00:00 UTC. Plugins never read a clock: every time they see
/// comes with a record, a timer or a watermark.
using Time = std::int64_t;

/// A span of time in nanoseconds.
using Duration = std::int64_t;

inline constexpr Duration nanosecond = 1;
inline constexpr Duration microsecond = 1'000 * nanosecond;
inline constexpr Duration millisecond = 1'000 * microsecond;
inline constexpr Duration second = 1'000 * millisecond;
inline constexpr Duration minute = 60 * second;
inline constexpr Duration hour = 60 * minute;
inline constexpr Duration day = 24 * hour;

/// Later than every real time: a timer that is not set, the watermark after the end of input.
inline constexpr Time time_never = std::numeric_limits<Time>::max();
/// Earlier than every real time: the watermark before the first record.
inline constexpr Time time_before_all = std::numeric_limits<Time>::min();

/// Real event times lie in 2009..2100; anything else is a unit mistake (seconds, microseconds).
inline constexpr Time earliest_event_time = 1'230'768'000 * second;
inline constexpr Time latest_event_time = 4'102'444'800 * second;

/// Largest multiple of `grid` that is not later than `time` (also for negative times).
[[nodiscard]] constexpr Time floor_to(Time time, Duration grid) noexcept {
    const Time rest = time % grid;
    return time - (rest < 0 ? rest + grid : rest);
}

[[nodiscard]] constexpr double to_seconds(Duration span) noexcept {
    return static_cast<double>(span) / static_cast<double>(second);
}

/// "2026-02-05T20:25:00.000Z"; digits below a millisecond are shown only when present.
[[nodiscard]] std::string format_time(Time time);
/// The same text into `out`, which has room for `time_text_size` characters; answers its length.
[[nodiscard]] std::size_t write_time(char* out, Time time) noexcept;
inline constexpr std::size_t time_text_size = 32;
/// "5s", "1h30m", "250ms": the notation that options accept.
[[nodiscard]] std::string format_duration(Duration span);
/// Parses the notation of format_duration (units ns us ms s m h d, several may follow each other).
[[nodiscard]] bool parse_duration(std::string_view text, Duration& out) noexcept;

}  // namespace spillway
