#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include <spillway/time.hpp>

#include "http_words.hpp"
#include "network.hpp"

namespace spillway::live {

/// How far this machine's clock is ahead of another: between these.
struct ClockLead {
    Duration least = 0, most = 0;

    [[nodiscard]] Duration width() const noexcept { return most - least; }
};

/// As the Date of a reply tells: it has full seconds only, and then the reply was under way, maybe
/// by way of a cache. None if it has no date, or was in a cache for too long to say anything.
[[nodiscard]] inline std::optional<ClockLead> lead_by_date(const Response& response,
                                                           Time received) {
    const std::int64_t seconds = parse_http_date(response.header("date")).value_or(-1);
    if (seconds < earliest_event_time / second || seconds >= latest_event_time / second) {
        return std::nullopt;
    }
    std::uint32_t age = 0;
    const std::string_view cached = response.header("age");
    std::from_chars(cached.data(), cached.data() + cached.size(), age);
    if (age > minute / second) return std::nullopt;
    // Some caches put their own date on it.
    const Duration ahead = received - seconds * second;
    return ClockLead{ahead - second - response.took - age * second, ahead};
}

}  // namespace spillway::live
