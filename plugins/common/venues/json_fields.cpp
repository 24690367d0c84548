#include "common/venues/json_fields.hpp"

#include <fmt/format.h>

namespace spillway::venues {

Status StreamReader::read(std::string_view bytes, ondemand::object& message) {
    if (const auto code = read(bytes, document_)) return json_problem(code);
    if (const auto code = document_.get_object().get(message)) return json_problem(code);
    return {};
}

void JsonFields::refuse(std::string_view key, std::string_view what) {
    if (problem_.ok()) problem_ = bad_record(fmt::format("{}: {}: {}", message_, key, what), key);
}

std::optional<ondemand::value> JsonFields::value(std::string_view key) {
    if (!problem_.ok()) return {};
    ondemand::value found;
    simdjson::error_code code = simdjson::NO_SUCH_FIELD;
    if (!at_end_) code = object_.find_field(key).get(found);
    if (code == simdjson::NO_SUCH_FIELD) {
        code = object_.reset().error();
        if (code == simdjson::SUCCESS) code = object_.find_field(key).get(found);
    }
    at_end_ = code == simdjson::NO_SUCH_FIELD;
    if (code == simdjson::SUCCESS) [[likely]]
        return found;
    if (!at_end_) problem_ = json_problem(code);
    return {};
}

std::optional<ondemand::object> JsonFields::object(std::string_view key) {
    auto found = value(key);
    ondemand::object inner;
    if (!found) return {};
    if (found->get_object().get(inner) == simdjson::SUCCESS) return inner;
    refuse(key, "expected an object");
    return {};
}

std::optional<ondemand::array> JsonFields::array(std::string_view key) {
    auto found = value(key);
    ondemand::array inner;
    if (!found) return {};
    if (found->get_array().get(inner) == simdjson::SUCCESS) return inner;
    refuse(key, "expected an array");
    return {};
}

std::optional<double> JsonFields::number(std::string_view key,
                                         const std::optional<ondemand::value>& found) {
    if (!found) return {};
    double number = 0;
    switch (read_number(*found, number)) {
        case Found::present:
            if (is_plausible(number)) return number;
            refuse(key, fmt::format("{} is out of range", number));
            return {};
        case Found::absent:
            return {};
        case Found::wrong:
            break;
    }
    refuse(key, "not a number");
    return {};
}

double JsonFields::positive(std::string_view key) {
    const double found = number(key).value_or(0);
    if (!(found > 0)) refuse(key, "expected a number above 0");
    return found;
}

double JsonFields::not_negative(std::string_view key) {
    const double found = number(key).value_or(-1);
    if (!(found >= 0)) refuse(key, "expected a number of 0 or more");
    return found;
}

std::optional<double> JsonFields::not_negative_if_any(std::string_view key) {
    const auto found = number(key);
    if (found && *found < 0) refuse(key, "expected a number of 0 or more");
    return found;
}

std::optional<std::int64_t> JsonFields::integer(std::string_view key,
                                                const std::optional<ondemand::value>& found) {
    if (!found) return {};
    std::int64_t number = 0;
    switch (read_integer(*found, number)) {
        case Found::present:
            return number;
        case Found::absent:
            return {};
        case Found::wrong:
            break;
    }
    refuse(key, "not an integer");
    return {};
}

Time JsonFields::time(std::string_view key) {
    const auto time = optional_time(key);
    if (!time) refuse(key, "no time");
    return time.value_or(0);
}

std::optional<Time> JsonFields::optional_time(std::string_view key,
                                              const std::optional<ondemand::value>& found) {
    const auto millis = integer(key, found);
    if (!millis) return {};
    if (is_event_time(*millis)) return *millis * millisecond;
    refuse(key, fmt::format("{} is not in the years 2009 to 2100; expected milliseconds since 1970",
                            *millis));
    return {};
}

std::optional<Time> JsonFields::time_if_any(std::string_view key) {
    const auto millis = integer(key);
    if (!millis || !is_event_time(*millis)) return {};
    return *millis * millisecond;
}

std::string_view JsonFields::text(std::string_view key) {
    const auto found = text_if_any(key);
    if (!found || found->empty()) refuse(key, "expected a text");
    return found.value_or(std::string_view());
}

std::optional<std::string_view> JsonFields::text_if_any(std::string_view key) {
    const auto found = value(key);
    std::string_view text;
    if (!found || !read_string(*found, text)) return {};
    return text;
}

std::string_view JsonFields::text_or_none(std::string_view key) {
    const auto found = value(key);
    std::string_view text;
    if (found && read_text(*found, text) == Found::wrong) refuse(key, "expected a text");
    return text;
}

std::optional<bool> JsonFields::flag(std::string_view key) {
    auto found = value(key);
    bool flag = false;
    if (!found || found->get_bool().get(flag) != simdjson::SUCCESS) return {};
    return flag;
}

}  // namespace spillway::venues
