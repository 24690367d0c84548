#include "force_order.hpp"

#include <cmath>

#include <fmt/format.h>

namespace spillway::binance {
namespace {

/// A text without escapes, where it stands in the frame.
[[gnu::always_inline]] inline bool plain_text(ondemand::value value, std::string_view& text) {
    const std::string_view token = value.raw_json_token();
    const auto closing = token.rfind('"');
    if (closing == 0 || closing == std::string_view::npos) return false;
    text = token.substr(1, closing - 1);
    return true;
}

bool order_as_written(ondemand::object& fields, ForceOrder& order) {
    ondemand::value symbol;
    if (fields.find_field("s").get(symbol) || !plain_text(symbol, order.symbol)) return false;

    ondemand::raw_json_string side;
    if (fields.find_field("S").get_raw_json_string().get(side)) return false;
    if (is(side, "SELL")) {
        order.side = Side::long_position;
    } else if (is(side, "BUY")) {
        order.side = Side::short_position;
    } else {
        return false;
    }
    if (fields.find_field("ap").get_double_in_string().get(order.price)) return false;
    if (fields.find_field("z").get_double_in_string().get(order.quantity)) return false;
    if (fields.find_field("T").get_int64().get(order.time_ms)) return false;
    // Nothing filled yet: price and quantity of the order itself stand before these.
    if (!(order.price > 0 && order.quantity > 0)) return false;

    std::int64_t line = 0;
    if (fields.find_field("st").get_int64().get(line) == simdjson::SUCCESS) {
        if (line != 1 && line != 2) return false;
        order.line = static_cast<Line>(line);
    }
    return true;
}

bool message_as_written(ondemand::object& message, ForceOrder& order) {
    for (auto field : message) {
        ondemand::raw_json_string key;
        ondemand::object inner;
        if (field.key().get(key)) return false;
        if (is(key, "e")) {
            ondemand::raw_json_string type;
            if (field.value().get_raw_json_string().get(type) || !is(type, "forceOrder")) {
                return false;
            }
        } else if (is(key, "o")) {
            return !field.value().get_object().get(inner) && order_as_written(inner, order);
        } else if (is(key, "data")) {
            return !field.value().get_object().get(inner) && message_as_written(inner, order);
        }
    }
    return false;
}

Status problem(std::string_view field, std::string_view what) {
    return bad_record(fmt::format("forceOrder: {}: {}", field, what), field);
}

/// A decimal number in quotes; `found` tells whether it is there.
Status read_decimal(ondemand::object& fields, std::string_view key, double& number, bool& found) {
    ondemand::value value;
    found = fields.find_field_unordered(key).get(value) == simdjson::SUCCESS;
    if (!found) return {};
    if (value.get_double_in_string().get(number) && value.get_double().get(number)) {
        return problem(key, "not a number");
    }
    if (!std::isfinite(number) || number < 0) {
        return problem(key, fmt::format("{} is out of range", number));
    }
    return {};
}

/// The first number above zero of two keys.
Status read_first_positive(ondemand::object& fields, std::string_view key, std::string_view other,
                           double& number, bool& first) {
    bool found = false;
    if (Status status = read_decimal(fields, key, number, found); !status.ok()) return status;
    first = found && number > 0;
    if (first) return {};
    if (Status status = read_decimal(fields, other, number, found); !status.ok()) return status;
    if (!found || !(number > 0)) {
        return problem(key, fmt::format("no value above 0, nor in '{}'", other));
    }
    return {};
}

}  // namespace

bool read_frame_as_written(ondemand::parser& parser, std::string_view bytes,
                           ForceOrder& order) noexcept {
    ondemand::document document;
    ondemand::object frame;
    const std::size_t readable = bytes.size() + simdjson::SIMDJSON_PADDING;
    if (parser.iterate(bytes.data(), bytes.size(), readable).get(document)) return false;
    return !document.get_object().get(frame) && message_as_written(frame, order);
}

Status read_order(ondemand::object fields, ForceOrder& order) {
    order = ForceOrder();
    std::string_view side;
    if (fields.find_field_unordered("s").get_string().get(order.symbol) || order.symbol.empty()) {
        return problem("s", "no symbol");
    }
    if (fields.find_field_unordered("S").get_string().get(side) ||
        (side != "SELL" && side != "BUY")) {
        return problem("S", "expected SELL or BUY");
    }
    order.side = side == "SELL" ? Side::long_position : Side::short_position;
    bool average = false;
    bool filled = false;
    if (Status status = read_first_positive(fields, "ap", "p", order.price, average);
        !status.ok()) {
        return status;
    }
    order.price_kind = average ? PriceKind::fill : PriceKind::limit;
    if (Status status = read_first_positive(fields, "z", "q", order.quantity, filled);
        !status.ok()) {
        return status;
    }
    if (fields.find_field_unordered("T").get_int64().get(order.time_ms)) {
        return problem("T", "no trade time in milliseconds");
    }
    std::int64_t line = 0;
    if (ondemand::value value; fields.find_field_unordered("st").get(value) == simdjson::SUCCESS) {
        if (value.get_int64().get(line) || (line != 1 && line != 2)) {
            return problem("st", "expected 1 (USD-M) or 2 (COIN-M)");
        }
    }
    order.line = static_cast<Line>(line);
    return {};
}

}  // namespace spillway::binance
