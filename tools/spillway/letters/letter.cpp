#include "letters/letter.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/format.h>

namespace spillway::cli {
namespace {

Status wrong_id(const std::string& id, std::size_t matches) {
    if (matches == 0) {
        return {Code::unsupported,
                fmt::format("there is no dead letter '{}'; see 'spillway dead-letters list'", id)};
    }
    return {Code::unsupported,
            fmt::format("{} dead letters begin with '{}': give more digits", matches, id)};
}

bool passes(const Letter& letter, const LetterFilter& filter) {
    if (!filter.node.empty() && letter.node != filter.node) return false;
    if (filter.since && letter.time < *filter.since) return false;
    return !filter.open_only || letter.open();
}

}  // namespace

Letter Letter::of(const StoredLetter& stored) {
    return {stored.id,
            stored.time,
            std::string(stored.node),
            std::string(stored.place),
            std::string(stored.reason),
            std::string(stored.origin),
            std::string(stored.raw),
            stored.raw_size,
            stored.attempt,
            stored.replayed};
}

Result<Letters> select(const Letters& letters, const LetterFilter& filter) {
    std::vector<bool> named(letters.size(), filter.ids.empty());
    for (const std::string& id : filter.ids) {
        std::size_t matches = 0;
        for (std::size_t i = 0; i < letters.size(); ++i) {
            if (id.empty() || !to_string(letters[i].id).starts_with(id)) continue;
            named[i] = true;
            ++matches;
        }
        if (matches != 1) return tl::unexpected(wrong_id(id, matches));
    }
    Letters chosen;
    for (std::size_t i = 0; i < letters.size(); ++i) {
        if (named[i] && passes(letters[i], filter)) chosen.push_back(letters[i]);
    }
    return chosen;
}

std::optional<Time> parse_since(std::string_view text) {
    constexpr std::string_view form = "0000-00-00T00:00:00";
    if (text.ends_with('Z')) text.remove_suffix(1);
    if (text.size() != 10 && text.size() != 16 && text.size() != 19) return std::nullopt;
    std::array<int, 6> parts{};
    std::size_t part = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (form[i] != '0') {
            if (text[i] != form[i] && !(form[i] == 'T' && text[i] == ' ')) return std::nullopt;
            ++part;
        } else if (text[i] >= '0' && text[i] <= '9') {
            parts[part] = parts[part] * 10 + (text[i] - '0');
        } else {
            return std::nullopt;
        }
    }
    const std::chrono::year_month_day date{std::chrono::year{parts[0]},
                                           std::chrono::month{static_cast<unsigned>(parts[1])},
                                           std::chrono::day{static_cast<unsigned>(parts[2])}};
    // Years of which every nanosecond can be counted.
    if (!date.ok() || parts[0] < 1700 || parts[0] > 2200) return std::nullopt;
    if (parts[3] > 23 || parts[4] > 59 || parts[5] > 59) return std::nullopt;
    const Time days = std::chrono::sys_days(date).time_since_epoch().count();
    return days * day + parts[3] * hour + parts[4] * minute + parts[5] * second;
}

}  // namespace spillway::cli
