#include "json_fields.hpp"

#include <fmt/format.h>

#include <spillway/time.hpp>

namespace spillway::binance {
namespace {

bool is_event_time(std::int64_t time_ms) noexcept {
    return time_ms >= earliest_event_time / millisecond &&
           time_ms < latest_event_time / millisecond;
}

}  // namespace

Status json_problem(simdjson::error_code code) {
    return bad_record(fmt::format("not a JSON message: {}", simdjson::error_message(code)));
}

void JsonFields::refuse(std::string_view key, std::string_view what) {
    if (problem_.ok()) problem_ = bad_record(fmt::format("{}: {}: {}", message_, key, what), key);
}

std::optional<ondemand::value> JsonFields::value(std::string_view key) {
    if (!problem_.ok()) return {};
    ondemand::value found;
    if (!take(object_.find_field_unordered(key).get(found))) return {};
    return found;
}

bool JsonFields::take(simdjson::error_code code) {
    if (code == simdjson::SUCCESS) return true;
    if (code != simdjson::NO_SUCH_FIELD && code != simdjson::INCORRECT_TYPE) {
        problem_ = json_problem(code);
    }
    return false;
}

std::optional<double> JsonFields::number(std::string_view key) {
    auto found = value(key);
    if (!found) return {};
    const std::string_view token = found->raw_json_token();
    if (token.starts_with("\"\"") || token.starts_with("null")) return {};
    double number = 0;
    const auto code = token.starts_with('"') ? found->get_double_in_string().get(number)
                                             : found->get_double().get(number);
    if (code != simdjson::SUCCESS) {
        refuse(key, "not a number");
        return {};
    }
    if (!is_plausible(number)) {
        refuse(key, fmt::format("{} is out of range", number));
        return {};
    }
    return number;
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

std::optional<std::int64_t> JsonFields::integer(std::string_view key) {
    auto found = value(key);
    if (!found) return {};
    const std::string_view token = found->raw_json_token();
    if (token.starts_with("\"\"") || token.starts_with("null")) return {};
    std::int64_t number = 0;
    const auto code = token.starts_with('"') ? found->get_int64_in_string().get(number)
                                             : found->get_int64().get(number);
    if (code != simdjson::SUCCESS) {
        refuse(key, "not an integer");
        return {};
    }
    return number;
}

std::int64_t JsonFields::time(std::string_view key) {
    const auto time_ms = integer(key);
    if (!ok()) return 0;
    if (!time_ms) {
        refuse(key, "no time");
        return 0;
    }
    if (!is_event_time(*time_ms)) {
        refuse(key, fmt::format("{} is not in the years 2009 to 2100; expected milliseconds since "
                                "1970",
                                *time_ms));
        return 0;
    }
    return *time_ms * millisecond;
}

std::optional<std::int64_t> JsonFields::time_if_any(std::string_view key) {
    const auto time_ms = integer(key);
    if (!time_ms || !is_event_time(*time_ms)) return {};
    return *time_ms * millisecond;
}

std::string_view JsonFields::text(std::string_view key) {
    const auto found = text_if_any(key);
    if (!found || found->empty()) refuse(key, "expected a text");
    return found.value_or(std::string_view());
}

std::optional<std::string_view> JsonFields::text_if_any(std::string_view key) {
    auto found = value(key);
    std::string_view text;
    if (!found || !take(found->get_string().get(text))) return {};
    return text;
}

std::optional<bool> JsonFields::flag(std::string_view key) {
    auto found = value(key);
    bool flag = false;
    if (!found || !take(found->get_bool().get(flag))) return {};
    return flag;
}

}  // namespace spillway::binance
