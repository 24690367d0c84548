#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>

#include <spillway/time.hpp>

namespace spillway::live {

using Random = std::mt19937_64;

/// In [0, 1). Not a std distribution: their draws differ between standard libraries.
[[nodiscard]] inline double unit(Random& random) noexcept {
    return static_cast<double>(random() >> 11U) * 0x1p-53;
}

/// A random part of a span.
[[nodiscard]] inline Duration part_of(Duration span, Random& random) noexcept {
    return static_cast<Duration>(static_cast<double>(span) * unit(random));
}

/// Waiting times after failures: exponential with full jitter, each drawn from the whole range
/// below a ceiling that doubles up to `growth` times the first, so that clients which failed
/// together do not come back together.
class Backoff {
public:
    static constexpr Duration usual_ceiling = second;
    static constexpr Duration growth = 60;

    explicit Backoff(Duration first_ceiling = usual_ceiling) noexcept
        : first_ceiling_(first_ceiling) {}

    [[nodiscard]] Duration next(Random& random) noexcept {
        const Duration ceiling =
            std::min(growth * first_ceiling_, first_ceiling_ << std::min(failures_, 16U));
        ++failures_;
        return std::max(least, part_of(ceiling, random));
    }
    void reset() noexcept { failures_ = 0; }
    [[nodiscard]] std::uint32_t failures() const noexcept { return failures_; }

private:
    static constexpr Duration least = 10 * millisecond;
    Duration first_ceiling_;
    std::uint32_t failures_ = 0;
};

/// HTTP statuses that mean more than a failure.
[[nodiscard]] constexpr bool is_limit(std::uint16_t status) noexcept { return status == 429; }
[[nodiscard]] constexpr bool is_ban(std::uint16_t status) noexcept { return status == 418; }
/// The venue does not serve this country or address: asking again soon changes nothing.
[[nodiscard]] constexpr bool is_block(std::uint16_t status) noexcept {
    return status == 403 || status == 451;
}
[[nodiscard]] constexpr bool is_penalty(std::uint16_t status) noexcept {
    return is_limit(status) || is_ban(status) || is_block(status);
}

inline constexpr Duration block_pause = 10 * minute;

/// How long to be quiet after a penalty that came `times` times in a row before: what the venue
/// asks for, but at least a minute after 429 (twice as long each time, up to 15), 2 minutes after
/// 418 (up to a day), and 10 minutes after 403 and 451.
[[nodiscard]] constexpr Duration pause_after(std::uint16_t status, std::uint32_t times,
                                             std::optional<Duration> retry_after) noexcept {
    const std::uint32_t doubled = std::min(times, 12U);
    if (is_limit(status)) {
        if (retry_after) return std::max(*retry_after, second);
        return std::min(15 * minute, minute << doubled);
    }
    if (is_ban(status)) {
        return std::max(retry_after.value_or(0), std::min(day, (2 * minute) << doubled));
    }
    return std::max(retry_after.value_or(0), block_pause);
}

}  // namespace spillway::live
