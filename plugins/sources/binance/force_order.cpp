#include "force_order.hpp"

namespace spillway::binance {
namespace {

using venues::JsonFields;

bool order_as_written(ondemand::object& fields, ForceOrder& order) {
    ondemand::value symbol;
    if (fields.find_field("s").get(symbol) || !venues::read_string(symbol, order.symbol))
        return false;

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

}  // namespace

bool read_frame_as_written(venues::StreamReader& reader, std::string_view bytes,
                           ForceOrder& order) noexcept {
    ondemand::document document;
    ondemand::object frame;
    if (reader.read(bytes, document)) return false;
    return !document.get_object().get(frame) && message_as_written(frame, order);
}

Status read_order(ondemand::object object, ForceOrder& order) {
    order = ForceOrder();
    JsonFields fields("forceOrder", object);
    order.symbol = fields.text("s");
    const std::string_view side = fields.text("S");
    if (side != "SELL" && side != "BUY") fields.refuse("S", "expected SELL or BUY");
    order.side = side == "SELL" ? Side::long_position : Side::short_position;
    const double average = fields.number("ap").value_or(0);
    const double filled = fields.number("z").value_or(0);
    if (average < 0) fields.refuse("ap", "expected a number of 0 or more");
    if (filled < 0) fields.refuse("z", "expected a number of 0 or more");
    order.price_kind = average > 0 ? PriceKind::fill : PriceKind::limit;
    order.price = average > 0 ? average : fields.positive("p");
    order.quantity = filled > 0 ? filled : fields.positive("q");
    const auto time_ms = fields.integer("T");
    if (!time_ms) fields.refuse("T", "no trade time in milliseconds");
    order.time_ms = time_ms.value_or(0);
    const auto line = fields.integer("st");
    if (line && *line != 1 && *line != 2) {
        fields.refuse("st", "expected 1 (USD-M) or 2 (COIN-M)");
    }
    order.line = static_cast<Line>(line.value_or(0));
    return fields.problem();
}

}  // namespace spillway::binance
