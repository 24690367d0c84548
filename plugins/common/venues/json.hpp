#pragma once

#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <simdjson.h>

#include <spillway/status.hpp>
#include <spillway/time.hpp>

namespace spillway::venues {

/// Answers of polls and of requests are read whole, as a document, which checks all of it and
/// gives its fields in any order, again and again. json_fields.hpp reads the messages of streams.
namespace dom = simdjson::dom;

/// What became of a value. Venues write a number that they do not have as an empty text or null:
/// that is absent, never zero.
enum class Found : std::uint8_t { absent, present, wrong };

/// A text; the view is valid until the parser reads the next message.
[[nodiscard]] inline Found read_text(dom::element value, std::string_view& text) noexcept {
    if (value.is_null()) return Found::absent;
    if (value.get_string().get(text) != simdjson::SUCCESS) return Found::wrong;
    return text.empty() ? Found::absent : Found::present;
}

/// A number, in quotes or bare. Never NaN or infinite.
[[nodiscard]] inline Found read_number(dom::element value, double& number) noexcept {
    if (value.is_string()) [[likely]] {
        std::string_view text;
        if (read_text(value, text) != Found::present) return Found::absent;
        const char* const end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(text.data(), end, number);
        const bool whole = error == std::errc() && stop == end;
        return whole && std::isfinite(number) ? Found::present : Found::wrong;
    }
    if (value.get_double().get(number) == simdjson::SUCCESS) return Found::present;
    return value.is_null() ? Found::absent : Found::wrong;
}

/// An integer, in quotes or bare.
[[nodiscard]] inline Found read_integer(dom::element value, std::int64_t& number) noexcept {
    if (value.get_int64().get(number) == simdjson::SUCCESS) [[likely]]
        return Found::present;
    std::string_view text;
    const Found found = read_text(value, text);
    if (found != Found::present) return found;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && stop == end ? Found::present : Found::wrong;
}

/// Milliseconds of the years 2009 to 2100; anything else is a mistake of the unit.
[[nodiscard]] constexpr bool is_event_time(std::int64_t millis) noexcept {
    return millis >= earliest_event_time / millisecond && millis < latest_event_time / millisecond;
}

/// What became of a time of which this became of its milliseconds.
[[nodiscard]] constexpr Found to_time(Found found, std::int64_t millis, Time& time) noexcept {
    if (found != Found::present) return found;
    if (!is_event_time(millis)) return Found::wrong;
    time = millis * millisecond;
    return Found::present;
}

/// A time in milliseconds, in quotes or bare, as nanoseconds.
[[nodiscard]] inline Found read_millis(dom::element value, Time& time) noexcept {
    std::int64_t millis = 0;
    const Found found = read_integer(value, millis);
    return to_time(found, millis, time);
}

/// The value of a key, keys in any order; a missing key is absent.
[[nodiscard]] inline Found find_value(dom::object object, std::string_view key,
                                      dom::element& value) noexcept {
    return object.at_key(key).get(value) == simdjson::SUCCESS ? Found::present : Found::absent;
}
[[nodiscard]] inline Found find_object(dom::object object, std::string_view key,
                                       dom::object& inner) noexcept {
    dom::element value;
    if (find_value(object, key, value) != Found::present) return Found::absent;
    return value.get_object().get(inner) ? Found::wrong : Found::present;
}
[[nodiscard]] inline Found find_array(dom::object object, std::string_view key,
                                      dom::array& rows) noexcept {
    dom::element value;
    if (find_value(object, key, value) != Found::present) return Found::absent;
    return value.get_array().get(rows) ? Found::wrong : Found::present;
}
[[nodiscard]] inline Found find_number(dom::object row, std::string_view key,
                                       double& number) noexcept {
    dom::element value;
    const Found found = find_value(row, key, value);
    return found == Found::present ? read_number(value, number) : found;
}
[[nodiscard]] inline Found find_millis(dom::object row, std::string_view key, Time& time) noexcept {
    dom::element value;
    const Found found = find_value(row, key, value);
    return found == Found::present ? read_millis(value, time) : found;
}
[[nodiscard]] inline Found find_text(dom::object row, std::string_view key,
                                     std::string_view& text) noexcept {
    dom::element value;
    const Found found = find_value(row, key, value);
    return found == Found::present ? read_text(value, text) : found;
}

/// "tickers: markPrice: expected a number"
[[nodiscard]] inline Status wrong_field(std::string_view message, std::string_view key,
                                        std::string_view expected) {
    return bad_record(fmt::format("{}: {}: expected {}", message, key, expected), key);
}

[[nodiscard]] inline Status no_object() { return bad_record("a row that is no JSON object"); }

/// "not a JSON message: The document is empty"
[[nodiscard]] inline Status json_problem(simdjson::error_code code) {
    return bad_record(fmt::format("not a JSON message: {}", simdjson::error_message(code)));
}

/// Reads a message that is one object, and has 64 readable bytes after its end.
[[nodiscard]] inline Status read_message(dom::parser& parser, std::string_view bytes,
                                         dom::object& message) {
    dom::element document;
    if (const auto code = parser.parse(bytes.data(), bytes.size(), false).get(document)) {
        return json_problem(code);
    }
    if (document.get_object().get(message)) return bad_record("not a JSON message: no object");
    return {};
}

/// What stands in a value, shortened, for an error message.
[[nodiscard]] inline std::string shown(dom::element value) {
    std::string text = simdjson::minify(value);
    if (text.size() > 48) text.resize(48);
    return text;
}

}  // namespace spillway::venues
