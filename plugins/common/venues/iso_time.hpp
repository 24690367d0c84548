#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include <spillway/time.hpp>

namespace spillway::venues {

/// Reads `2023-04-22T04:30:36Z` with up to nine digits behind the second. None if it is anything
/// else, or outside 2009..2100.
[[nodiscard]] inline std::optional<Time> read_iso_time(std::string_view text) noexcept {
    constexpr std::string_view form = "dddd-dd-ddTdd:dd:dd";
    if (text.size() <= form.size() || !text.ends_with('Z')) return std::nullopt;
    for (std::size_t i = 0; i < form.size(); ++i) {
        const bool fits = form[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == form[i];
        if (!fits) return std::nullopt;
    }
    const auto number = [&](std::size_t at, std::size_t digits) {
        int value = 0;
        for (const char c : text.substr(at, digits)) value = 10 * value + (c - '0');
        return value;
    };
    using namespace std::chrono;
    const year_month_day date{year(number(0, 4)), month(static_cast<unsigned>(number(5, 2))),
                              std::chrono::day(static_cast<unsigned>(number(8, 2)))};
    // Years that nanoseconds cannot count to are no times of events either.
    if (date.year() < year(2009) || date.year() > year(2100)) return std::nullopt;
    if (!date.ok() || number(11, 2) > 23 || number(14, 2) > 59 || number(17, 2) > 59) {
        return std::nullopt;
    }
    Time time = sys_days(date).time_since_epoch().count() * spillway::day +
                number(11, 2) * spillway::hour + number(14, 2) * spillway::minute +
                number(17, 2) * spillway::second;
    std::string_view fraction = text.substr(form.size(), text.size() - form.size() - 1);
    if (!fraction.empty()) {
        if (fraction[0] != '.' || fraction.size() < 2 || fraction.size() > 10) return std::nullopt;
        Duration unit = spillway::second;
        for (const char c : fraction.substr(1)) {
            if (c < '0' || c > '9') return std::nullopt;
            unit /= 10;
            time += (c - '0') * unit;
        }
    }
    if (time < earliest_event_time || time >= latest_event_time) return std::nullopt;
    return time;
}

}  // namespace spillway::venues
