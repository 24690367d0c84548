#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>

#include <simdjson.h>

#include <spillway/status.hpp>

namespace spillway::binance {

namespace ondemand = simdjson::ondemand;

/// Reads the fields of one JSON object by name, in any order. The first problem is kept and the
/// rest reads as absent, so that a decoder reads all it needs and looks once:
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
    [[nodiscard]] std::optional<double> number(std::string_view key);
    /// A decimal above 0 that must be there.
    [[nodiscard]] double positive(std::string_view key);
    /// A decimal of 0 or more that must be there.
    [[nodiscard]] double not_negative(std::string_view key);
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key);
    /// Milliseconds of the years 2009 to 2100, as nanoseconds.
    [[nodiscard]] std::int64_t time(std::string_view key);
    /// The same if it is there and such a time: the venue writes 0 for "none".
    [[nodiscard]] std::optional<std::int64_t> time_if_any(std::string_view key);
    /// A text that must be there; views the frame or the parser.
    [[nodiscard]] std::string_view text(std::string_view key);
    [[nodiscard]] std::optional<std::string_view> text_if_any(std::string_view key);
    [[nodiscard]] std::optional<bool> flag(std::string_view key);
    /// The value as it is, if it is there.
    [[nodiscard]] std::optional<ondemand::value> value(std::string_view key);

    void refuse(std::string_view key, std::string_view what);
    [[nodiscard]] bool ok() const noexcept { return problem_.ok(); }
    [[nodiscard]] const Status& problem() const noexcept { return problem_; }

private:
    /// Notes damage: after it nothing of the document may be touched.
    bool take(simdjson::error_code code);

    std::string_view message_;
    ondemand::object object_;
    Status problem_;
};

/// Prices, quantities and sums of this venue are 0 or of this size: with such numbers no product or
/// quotient of a few of them overflows.
[[nodiscard]] inline bool is_plausible(double number) noexcept {
    const double size = std::abs(number);
    return size == 0 || (size >= 1e-18 && size <= 1e18);
}

[[nodiscard]] Status json_problem(simdjson::error_code code);

}  // namespace spillway::binance
