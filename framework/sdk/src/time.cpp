#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include <spillway/time.hpp>

namespace spillway {
namespace {

struct Unit {
    std::string_view name;
    Duration length;
};
// Longest first for formatting; parsing takes the longest name that matches.
constexpr std::array<Unit, 7> units = {{{"d", day},
                                        {"h", hour},
                                        {"m", minute},
                                        {"s", second},
                                        {"ms", millisecond},
                                        {"us", microsecond},
                                        {"ns", nanosecond}}};

const Unit* unit_of(std::string_view name) noexcept {
    for (const Unit& unit : units) {
        if (unit.name == name) return &unit;
    }
    return nullptr;
}

}  // namespace

std::size_t write_time(char* out, Time time) noexcept {
    // Not floor_to: the earliest time has no midnight before it.
    const Time rest = time % day;
    const std::chrono::year_month_day date{
        std::chrono::sys_days(std::chrono::days(time / day - (rest < 0 ? 1 : 0)))};
    const auto clock = static_cast<std::uint64_t>(rest < 0 ? rest + day : rest);
    const std::uint64_t seconds = clock / 1'000'000'000;
    const std::uint64_t nanos = clock % 1'000'000'000;
    char* at = out;
    const auto digits = [&at](std::uint64_t value, int count, char after) {
        for (int i = count - 1; i >= 0; --i, value /= 10)
            at[i] = static_cast<char>('0' + value % 10);
        at += count;
        *at++ = after;
    };
    digits(static_cast<std::uint64_t>(static_cast<int>(date.year())), 4, '-');
    digits(static_cast<unsigned>(date.month()), 2, '-');
    digits(static_cast<unsigned>(date.day()), 2, 'T');
    digits(seconds / 3600, 2, ':');
    digits(seconds / 60 % 60, 2, ':');
    digits(seconds % 60, 2, '.');
    if (nanos % 1'000'000 == 0) {
        digits(nanos / 1'000'000, 3, 'Z');
    } else {
        digits(nanos, 9, 'Z');
    }
    return static_cast<std::size_t>(at - out);
}

std::string format_time(Time time) {
    char text[time_text_size];
    return {text, write_time(text, time)};
}

std::string format_duration(Duration span) {
    if (span == 0) return "0s";
    std::string text = span < 0 ? "-" : "";
    auto left = span < 0 ? 0 - static_cast<std::uint64_t>(span) : static_cast<std::uint64_t>(span);
    for (const Unit& unit : units) {
        const auto length = static_cast<std::uint64_t>(unit.length);
        if (left < length) continue;
        text += fmt::format("{}{}", left / length, unit.name);
        left %= length;
    }
    return text;
}

bool parse_duration(std::string_view text, Duration& out) noexcept {
    double total = 0;
    if (text.empty()) return false;
    while (!text.empty()) {
        double count = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
        if (error != std::errc{} || count < 0) return false;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        const std::size_t letters = std::min(text.find_first_of("0123456789."), text.size());
        const Unit* unit = unit_of(text.substr(0, letters));
        if (unit == nullptr) return false;
        total += count * static_cast<double>(unit->length);
        text.remove_prefix(letters);
    }
    if (total >= 9.2e18) return false;
    out = std::llround(total);
    return true;
}

}  // namespace spillway
