#include "json_values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <utility>

namespace spillway::detail {
namespace {

/// 0: it is no unit.
Duration length_of(std::string_view unit) noexcept {
    using Unit = std::pair<std::string_view, Duration>;
    static constexpr std::array<Unit, 7> units = {{{"d", day},
                                                   {"h", hour},
                                                   {"m", minute},
                                                   {"s", second},
                                                   {"ms", millisecond},
                                                   {"us", microsecond},
                                                   {"ns", nanosecond}}};
    const auto* const found = std::ranges::find(units, unit, &Unit::first);
    return found != units.end() ? found->second : 0;
}

}  // namespace

std::optional<Time> read_json_time(std::string_view text) noexcept {
    constexpr std::string_view form = "0000-00-00T00:00:00.";
    if (text.size() != form.size() + 4 && text.size() != form.size() + 10) return std::nullopt;
    if (text.back() != 'Z') return std::nullopt;
    std::array<std::int64_t, 7> parts{};
    std::size_t part = 0;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        const bool digit = i >= form.size() || form[i] == '0';
        if (!digit) {
            if (text[i] != form[i]) return std::nullopt;
            ++part;
            continue;
        }
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        parts[part] = parts[part] * 10 + (text[i] - '0');
    }
    if (text.size() == form.size() + 4) parts[6] *= millisecond;
    const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(parts[0])),
                                           std::chrono::month(static_cast<unsigned>(parts[1])),
                                           std::chrono::day(static_cast<unsigned>(parts[2])));
    if (!date.ok() || parts[3] > 23 || parts[4] > 59 || parts[5] > 59) return std::nullopt;
    // In days and what is left of one: the earliest time has no midnight before it.
    Time time = 0;
    const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
    const Time rest = ((parts[3] * 60 + parts[4]) * 60 + parts[5]) * second + parts[6];
    const bool early = days < 0;
    if (__builtin_mul_overflow(early ? days + 1 : days, day, &time) ||
        __builtin_add_overflow(time, early ? rest - day : rest, &time)) {
        return std::nullopt;
    }
    return time;
}

std::optional<Duration> read_json_duration(std::string_view text) noexcept {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    if (text.empty()) return std::nullopt;
    Duration total = 0;
    while (!text.empty()) {
        const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
        Duration count = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + digits, count);
        if (error != std::errc{} || end != text.data() + digits) return std::nullopt;
        text.remove_prefix(digits);
        const std::size_t letters = std::min(text.find_first_of("0123456789"), text.size());
        const Duration length = length_of(text.substr(0, letters));
        text.remove_prefix(letters);
        // Downwards: the least duration has no positive counterpart.
        if (length == 0 || __builtin_mul_overflow(count, length, &count) ||
            __builtin_sub_overflow(total, count, &total)) {
            return std::nullopt;
        }
    }
    if (negative) return total;
    return total == time_before_all ? std::nullopt : std::optional(-total);
}

std::optional<Id> read_json_id(std::string_view text) noexcept {
    std::array<std::uint64_t, 2> halves{};
    std::size_t digits = 0;
    for (const char c : text) {
        if (c == '-') continue;
        std::uint64_t digit = 0;
        if (digits == 32 || std::from_chars(&c, &c + 1, digit, 16).ec != std::errc{}) {
            return std::nullopt;
        }
        std::uint64_t& half = halves[digits++ / 16];
        half = half << 4U | digit;
    }
    if (digits != 32) return std::nullopt;
    return Id{halves[0], halves[1]};
}

}  // namespace spillway::detail
