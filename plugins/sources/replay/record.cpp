#include "record.hpp"

#include <cmath>

#include <fmt/format.h>

namespace spillway::replay {
namespace {

namespace ondemand = simdjson::ondemand;

enum class Range : std::uint8_t { any, not_negative, positive };

struct NumberKey {
    std::string_view name;
    Range range;
};
/// In the order of `Number`.
constexpr std::array<NumberKey, number_count> number_keys = {{
    {"price", Range::positive},
    {"open", Range::positive},
    {"high", Range::positive},
    {"low", Range::positive},
    {"volume_usd", Range::not_negative},
    {"volume_base", Range::not_negative},
    {"derived", Range::not_negative},
    {"rate", Range::any},
    {"rate_interval_ms", Range::positive},
    {"oi_usd", Range::not_negative},
    {"oi_base", Range::not_negative},
    {"ratio", Range::not_negative},
    {"long_usd", Range::not_negative},
    {"short_usd", Range::not_negative},
    {"long_count", Range::not_negative},
    {"short_count", Range::not_negative},
    {"qty", Range::positive},
    {"usd", Range::not_negative},
    {"n", Range::not_negative},
    {"funding_pct", Range::any},
    {"inflow_usd", Range::not_negative},
    {"outflow_usd", Range::not_negative},
    {"supply_usd", Range::not_negative},
    {"interval_ms", Range::positive},
}};
static_assert(number_keys[static_cast<std::size_t>(Number::interval_ms)].name == "interval_ms");

/// Beyond every quantity of the market; keeps products and sums finite.
constexpr double largest_number = 1e18;
constexpr double longest_interval_ms = 400.0 * 24 * 3600 * 1000;
/// Integers are exact as doubles up to here.
constexpr double exact_integers = 9007199254740992.0;
constexpr std::size_t longest_name = 64;

Status problem(std::string_view field, std::string_view what) {
    return bad_record(fmt::format("{}: {}", field, what), field);
}

Status json_problem(simdjson::error_code code) {
    return bad_record(fmt::format("not a JSON object: {}", simdjson::error_message(code)));
}

Status check_number(const NumberKey& key, double value) {
    const bool bad_sign = (key.range == Range::positive && !(value > 0)) ||
                          (key.range == Range::not_negative && !(value >= 0));
    const bool interval = key.name.ends_with("interval_ms");
    if (bad_sign || !(std::abs(value) <= (interval ? longest_interval_ms : largest_number))) {
        return problem(key.name, fmt::format("{} is out of range; expected {} {}", value,
                                             key.range == Range::positive       ? "above 0, up to"
                                             : key.range == Range::not_negative ? "0 to"
                                                                                : "an amount up to",
                                             interval ? longest_interval_ms : largest_number));
    }
    return {};
}

/// Hash of one field as it adds to the identity of the record: sums do not depend on the order of
/// fields, and 1.0 equals 1.
void add_content(Id& content, std::string_view key, ondemand::json_type type, double number,
                 std::string_view token) noexcept {
    const bool as_number = type == ondemand::json_type::number && std::abs(number) < exact_integers;
    const void* data = as_number ? static_cast<const void*>(&number) : token.data();
    const XXH128_hash_t hash =
        XXH3_128bits_withSeed(data, as_number ? sizeof(number) : token.size(), hash_text(key));
    content.high += hash.high64;
    content.low += hash.low64;
}

std::string_view trimmed(std::string_view token) noexcept {
    return token.substr(0, token.find_last_not_of(" \t\r\n") + 1);
}

std::string_view* text_slot(Record& record, std::string_view key) noexcept {
    if (key == "venue") return &record.venue;
    if (key == "symbol") return &record.symbol;
    if (key == "kind") return &record.kind;
    if (key == "side") return &record.side;
    if (key == "scope") return &record.scope;
    if (key == "px") return &record.px;
    return nullptr;
}

std::size_t number_slot(std::string_view key) noexcept {
    std::size_t slot = 0;
    while (slot < number_count && number_keys[slot].name != key) ++slot;
    return slot;
}

Status read_time(ondemand::value& value, Record& record) {
    std::int64_t time_ms = 0;
    if (value.get_int64().get(time_ms) != simdjson::SUCCESS) {
        return problem("ts", "not an integer; expected milliseconds since 1970");
    }
    if (time_ms < earliest_event_time / millisecond || time_ms >= latest_event_time / millisecond) {
        return problem("ts", fmt::format("{} is not in the years 2009 to 2100; expected "
                                         "milliseconds since 1970",
                                         time_ms));
    }
    record.time = time_ms * millisecond;
    return {};
}

Status read_number(std::size_t slot, ondemand::value& value, Record& record, double& number) {
    const NumberKey& key = number_keys[slot];
    bool flag = false;
    if (value.get_double().get(number) != simdjson::SUCCESS) {
        if (value.get_bool().get(flag) != simdjson::SUCCESS) {
            return problem(key.name, "not a number, or too large for one");
        }
        number = flag ? 1 : 0;
    }
    if (Status status = check_number(key, number); !status.ok()) return status;
    record.numbers[slot] = number;
    record.present |= 1U << slot;
    return {};
}

Status read_field(ondemand::field& field, bool with_content, Record& record) {
    std::string_view key;
    ondemand::json_type type{};
    if (const auto code = field.unescaped_key().get(key)) return json_problem(code);
    ondemand::value value = field.value();
    if (const auto code = value.type().get(type)) {
        return problem(key, fmt::format("no JSON value: {}", simdjson::error_message(code)));
    }
    if (type == ondemand::json_type::null) {
        bool is_null = false;  // and not `nan`
        const bool read = value.is_null().get(is_null) == simdjson::SUCCESS;
        return read && is_null ? Status() : problem(key, "not a JSON value");
    }
    std::string_view token;
    if (type == ondemand::json_type::object || type == ondemand::json_type::array) {
        if (const auto code = simdjson::to_json_string(value).get(token)) return json_problem(code);
    } else {
        token = trimmed(value.raw_json_token());
    }

    Status status;
    double number = 0;
    if (key == "ts") {
        status = read_time(value, record);
        const std::int64_t millis = record.time / millisecond;
        number = static_cast<double>(millis);
    } else if (std::string_view* text = text_slot(record, key); text != nullptr) {
        if (value.get_string().get(*text) != simdjson::SUCCESS || text->empty() ||
            text->size() > longest_name) {
            status = problem(key, fmt::format("expected a text of 1 to {} bytes", longest_name));
        }
    } else if (const std::size_t slot = number_slot(key); slot < number_count) {
        status = read_number(slot, value, record, number);
    } else if (type == ondemand::json_type::number) {
        if (value.get_double().get(number) != simdjson::SUCCESS) {
            status = problem(key, "not a number, or too large for one");
        }
    }
    if (status.ok() && with_content) add_content(record.content, key, type, number, token);
    return status;
}

}  // namespace

std::string_view name_of(Number key) noexcept {
    return number_keys[static_cast<std::size_t>(key)].name;
}

Status RecordParser::parse(std::string_view line, bool with_content, Record& record) noexcept {
    record = Record();
    ondemand::document document;
    ondemand::object object;
    const std::size_t readable = line.size() + simdjson::SIMDJSON_PADDING;
    if (const auto code = parser_.iterate(line.data(), line.size(), readable).get(document)) {
        return json_problem(code);
    }
    if (const auto code = document.get_object().get(object)) return json_problem(code);
    for (auto next : object) {
        ondemand::field field;
        if (const auto code = std::move(next).get(field)) return json_problem(code);
        if (Status status = read_field(field, with_content, record); !status.ok()) return status;
    }
    if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) {
        return bad_record("more than one JSON value in the line");
    }
    if (record.time == 0) return problem("ts", "missing");
    if (record.venue.empty()) return problem("venue", "missing");
    if (record.symbol.empty()) return problem("symbol", "missing");
    if (record.kind.empty()) return problem("kind", "missing");
    return {};
}

}  // namespace spillway::replay
