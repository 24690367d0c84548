#include "runtime/spec/test_values.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace spillway::runtime {
namespace {

/// The number without the underscores that group its digits; empty if it is no JSON number.
std::string as_number(std::string_view text) {
    std::string number;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto digit = [&](std::size_t at) {
            return at < text.size() && text[at] >= '0' && text[at] <= '9';
        };
        if (text[i] == '_' && i > 0 && digit(i - 1) && digit(i + 1)) continue;
        number += text[i];
    }
    std::string_view rest = number;
    const auto digits = [&rest] {
        const std::size_t count = std::min(rest.find_first_not_of("0123456789"), rest.size());
        rest.remove_prefix(count);
        return count;
    };
    if (rest.starts_with('-')) rest.remove_prefix(1);
    const bool leading_zero = rest.starts_with('0');
    const std::size_t whole = digits();
    if (whole == 0 || (leading_zero && whole > 1)) return {};
    if (rest.starts_with('.')) {
        rest.remove_prefix(1);
        if (digits() == 0) return {};
    }
    if (rest.starts_with('e') || rest.starts_with('E')) {
        rest.remove_prefix(1);
        if (rest.starts_with('+') || rest.starts_with('-')) rest.remove_prefix(1);
        if (digits() == 0) return {};
    }
    return rest.empty() ? number : std::string();
}

void write_text(JsonWriter& out, const std::string& text) {
    out.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void write_scalar(JsonWriter& out, const YamlNode& value) {
    if (!value.quoted && (value.text == "true" || value.text == "false")) {
        out.Bool(value.text == "true");
        return;
    }
    const std::string number = value.quoted ? std::string() : as_number(value.text);
    if (number.empty()) {
        write_text(out, value.text);
    } else {
        out.RawValue(number.data(), number.size(), rapidjson::kNumberType);
    }
}

/// Reads `count` digits and the separator after them.
bool take(std::string_view& text, std::size_t count, char separator, unsigned& value) noexcept {
    if (text.size() < count) return false;
    const auto [end, error] = std::from_chars(text.data(), text.data() + count, value);
    if (error != std::errc{} || end != text.data() + count) return false;
    text.remove_prefix(count);
    if (separator == '\0') return true;
    if (!text.starts_with(separator)) return false;
    text.remove_prefix(1);
    return true;
}

}  // namespace

void write_json(JsonWriter& out, const YamlNode& value) {
    switch (value.type) {
        case YamlNode::Type::null:
            out.Null();
            break;
        case YamlNode::Type::scalar:
            write_scalar(out, value);
            break;
        case YamlNode::Type::sequence:
            out.StartArray();
            for (const YamlNode& item : value.items) write_json(out, item);
            out.EndArray();
            break;
        case YamlNode::Type::map:
            out.StartObject();
            for (const YamlEntry& entry : value.entries) {
                write_text(out, entry.key.text);
                write_json(out, entry.value);
            }
            out.EndObject();
            break;
    }
}

std::string to_json(const YamlNode& value) {
    rapidjson::StringBuffer buffer;
    JsonWriter out(buffer);
    write_json(out, value);
    return {buffer.GetString(), buffer.GetSize()};
}

std::optional<Time> parse_iso_time(std::string_view text) noexcept {
    unsigned year = 0, month = 0, day_of_month = 0, hours = 0, minutes = 0, seconds = 0;
    if (!take(text, 4, '-', year) || !take(text, 2, '-', month) ||
        !take(text, 2, '\0', day_of_month)) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(year)),
                                           std::chrono::month(month),
                                           std::chrono::day(day_of_month));
    if (!date.ok() || year < 1970 || year > 2200 || !text.starts_with('T')) return std::nullopt;
    text.remove_prefix(1);
    if (!take(text, 2, ':', hours) || !take(text, 2, ':', minutes) ||
        !take(text, 2, '\0', seconds) || hours > 23 || minutes > 59 || seconds > 59) {
        return std::nullopt;
    }
    Duration fraction = 0;
    if (text.starts_with('.')) {
        const std::size_t digits = std::min(text.find_first_not_of("0123456789", 1), text.size());
        if (digits < 2 || digits > 10) return std::nullopt;
        Duration unit = second / 10;
        for (std::size_t i = 1; i < digits; ++i, unit /= 10) fraction += (text[i] - '0') * unit;
        text.remove_prefix(digits);
    }
    if (!text.empty() && text != "Z") return std::nullopt;
    const auto days = std::chrono::sys_days(date).time_since_epoch().count();
    return static_cast<Time>(days) * day + hours * hour + minutes * minute + seconds * second +
           fraction;
}

std::optional<Time> parse_moment(std::string_view text, Time start) noexcept {
    if (!text.starts_with('+')) return parse_iso_time(text);
    Duration offset = 0;
    if (!parse_duration(text.substr(1), offset)) return std::nullopt;
    return start + offset;
}

}  // namespace spillway::runtime
