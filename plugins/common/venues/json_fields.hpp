#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include <simdjson.h>

#include <spillway/status.hpp>

#include "common/venues/decimals.hpp"
#include "common/venues/json.hpp"

namespace spillway::venues {

/// Messages of streams are read with simdjson's On-Demand parser, which walks over the bytes once
/// and makes nothing of what nobody asks for. After an error of the walk itself nothing more of the
/// message may be touched: that ends the reading here, and the message is refused.
namespace ondemand = simdjson::ondemand;

/// Reads messages that have 64 readable bytes after their end. What comes of a message is valid
/// until the next one. Quotes and UTF-8 of all of a message are checked; other damage inside what
/// nobody asks for is not seen.
class StreamReader {
public:
    /// A message that is one object.
    [[nodiscard]] Status read(std::string_view bytes, ondemand::object& message);
    /// A message of any type.
    [[nodiscard]] simdjson::error_code read(std::string_view bytes,
                                            ondemand::document& document) noexcept {
        const std::size_t readable = bytes.size() + simdjson::SIMDJSON_PADDING;
        return parser_.iterate(bytes.data(), bytes.size(), readable).get(document);
    }

private:
    ondemand::parser parser_;
    ondemand::document document_;
};

// ---- One value, as json.hpp reads those of a document ----

/// A text, where it stands in the message, unless it has escapes. False: it is none.
[[nodiscard]] inline bool read_string(ondemand::value value, std::string_view& text) noexcept {
    const std::string_view token = value.raw_json_token();
    if (!token.starts_with('"')) return false;
    text = token.substr(1, token.rfind('"') - 1);  // blanks can stand behind the closing quote
    if (std::memchr(text.data(), '\\', text.size()) == nullptr) [[likely]]
        return true;
    return value.get_string().get(text) == simdjson::SUCCESS;
}
[[nodiscard]] inline Found read_text(ondemand::value value, std::string_view& text) noexcept {
    if (value.raw_json_token().starts_with("null")) return Found::absent;
    if (!read_string(value, text)) return Found::wrong;
    return text.empty() ? Found::absent : Found::present;
}
[[nodiscard]] inline Found read_number(ondemand::value value, double& number) noexcept {
    const std::string_view token = value.raw_json_token();
    if (token.starts_with('"')) [[likely]] {
        if (token[1] == '"') return Found::absent;
        return read_quoted_decimal(token.data() + 1, number) ? Found::present : Found::wrong;
    }
    if (token.starts_with("null")) return Found::absent;
    return value.get_double().get(number) ? Found::wrong : Found::present;
}
[[nodiscard]] inline Found read_integer(ondemand::value value, std::int64_t& number) noexcept {
    const std::string_view token = value.raw_json_token();
    if (token.starts_with("\"\"") || token.starts_with("null")) return Found::absent;
    const auto code = token.starts_with('"') ? value.get_int64_in_string().get(number)
                                             : value.get_int64().get(number);
    return code ? Found::wrong : Found::present;
}
[[nodiscard]] inline Found read_millis(ondemand::value value, Time& time) noexcept {
    std::int64_t millis = 0;
    const Found found = read_integer(value, millis);
    return to_time(found, millis, time);
}
/// What stands in a value, shortened, for an error message.
[[nodiscard]] inline std::string_view shown(ondemand::value value) noexcept {
    return value.raw_json_token().substr(0, 48);
}

// ---- The fields of an object ----

/// Calls `take(key, value)` for every field as they come. The first Status that is not ok ends it.
template <class Take>
[[nodiscard]] Status for_each_field(ondemand::object object, Take&& take) {
    for (auto field : object) {
        ondemand::raw_json_string key;
        ondemand::value value;
        if (const auto code = field.key().get(key)) return json_problem(code);
        if (const auto code = field.value().get(value)) return json_problem(code);
        // As written: names that a decoder looks for have no escapes.
        const auto size = static_cast<std::size_t>(std::strchr(key.raw(), '"') - key.raw());
        const std::string_view name(key.raw(), size);
        if (Status status = take(name, value); !status.ok()) return status;
    }
    return {};
}

/// Reads the fields of one object by name, in any order; that of the venue is the fast one. The
/// first problem is kept and the rest reads as absent, so that a decoder reads all it needs and
/// looks once:
///
///     JsonFields fields("aggTrade", message);
///     const double price = fields.positive("p");
///     if (!fields.ok()) return fields.problem();
///
/// Numbers are read in quotes and bare; an empty text and null are absent. Read a field once.
class JsonFields {
public:
    JsonFields(std::string_view message, ondemand::object object) noexcept
        : message_(message), object_(object) {}

    /// A decimal, if it is there.
    [[nodiscard]] std::optional<double> number(std::string_view key) {
        return number(key, value(key));
    }
    /// The same of a value that was found before.
    [[nodiscard]] std::optional<double> number(std::string_view key,
                                               const std::optional<ondemand::value>& found);
    /// A decimal above 0 that must be there.
    [[nodiscard]] double positive(std::string_view key);
    /// A decimal of 0 or more that must be there.
    [[nodiscard]] double not_negative(std::string_view key);
    /// The same, if it is there.
    [[nodiscard]] std::optional<double> not_negative_if_any(std::string_view key);
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key) {
        return integer(key, value(key));
    }
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key,
                                                      const std::optional<ondemand::value>& found);
    /// Milliseconds of the years 2009 to 2100, as nanoseconds.
    [[nodiscard]] Time time(std::string_view key);
    /// The same, if it is there.
    [[nodiscard]] std::optional<Time> optional_time(std::string_view key) {
        return optional_time(key, value(key));
    }
    [[nodiscard]] std::optional<Time> optional_time(std::string_view key,
                                                    const std::optional<ondemand::value>& found);
    /// The same if it is there and such a time: venues write 0 for "none".
    [[nodiscard]] std::optional<Time> time_if_any(std::string_view key);
    /// A text that must be there; views the frame or the parser.
    [[nodiscard]] std::string_view text(std::string_view key);
    [[nodiscard]] std::optional<std::string_view> text_if_any(std::string_view key);
    /// A text, empty if there is none; a value of another type is refused.
    [[nodiscard]] std::string_view text_or_none(std::string_view key);
    [[nodiscard]] std::optional<bool> flag(std::string_view key);
    /// The value as it is, if it is there.
    [[nodiscard]] std::optional<ondemand::value> value(std::string_view key);
    /// If it is there; a value of another type is refused.
    [[nodiscard]] std::optional<ondemand::object> object(std::string_view key);
    [[nodiscard]] std::optional<ondemand::array> array(std::string_view key);

    void refuse(std::string_view key, std::string_view what);
    [[nodiscard]] bool ok() const noexcept { return problem_.ok(); }
    [[nodiscard]] const Status& problem() const noexcept { return problem_; }

private:
    std::string_view message_;
    ondemand::object object_;
    /// Nothing follows: the next search begins at the first field, as the very first one does. The
    /// parser's own `find_field_unordered` goes back as well, but trusts what it has seen before,
    /// which is undefined behaviour in damaged messages (version 3.0, found by fuzzing).
    bool at_end_ = true;
    Status problem_;
};

/// Prices, quantities and sums are 0 or of this size: with such numbers no product or quotient of a
/// few of them overflows.
[[nodiscard]] inline bool is_plausible(double number) noexcept {
    const double size = std::abs(number);
    return size == 0 || (size >= 1e-18 && size <= 1e18);
}

}  // namespace spillway::venues
