#include "rows.hpp"

namespace spillway::bybit {
namespace {

using venues::Found;
using venues::wrong_field;

bool read_side(ondemand::value value, std::string_view& side) {
    return venues::read_text(value, side) == Found::present && (side == "Buy" || side == "Sell");
}

bool read_positive(ondemand::value value, double& number) {
    return venues::read_number(value, number) == Found::present && number > 0;
}

/// One field of a liquidation, by the names of the stream or of its REST form.
Status read_field(std::string_view key, ondemand::value value, LiquidationRow& row) {
    if (key == "T" || key == "updatedTime" || key == "time") {
        if (venues::read_millis(value, row.time) == Found::present) return {};
        return wrong_field("liquidation", "T", "milliseconds since 1970");
    }
    if (key == "s" || key == "symbol") {
        if (venues::read_text(value, row.symbol) == Found::present) return {};
        return wrong_field("liquidation", "s", "a symbol");
    }
    if (key == "S" || key == "side") {
        if (read_side(value, row.side)) return {};
        return wrong_field("liquidation", "S", "Buy or Sell");
    }
    if (key == "v" || key == "size" || key == "qty") {
        if (read_positive(value, row.size)) return {};
        return wrong_field("liquidation", "v", "a number above 0");
    }
    if (key == "p" || key == "price") {
        if (read_positive(value, row.price)) return {};
        return wrong_field("liquidation", "p", "a number above 0");
    }
    if (key == "id") {
        row.has_native_id = venues::read_integer(value, row.native_id) == Found::present;
    }
    return {};
}

Status read_field(std::string_view key, ondemand::value value, TradeRow& row) {
    if (key == "T") {
        if (venues::read_millis(value, row.time) == Found::present) return {};
        return wrong_field("publicTrade", "T", "milliseconds since 1970");
    }
    if (key == "s") {
        if (venues::read_text(value, row.symbol) == Found::present) return {};
        return wrong_field("publicTrade", "s", "a symbol");
    }
    if (key == "S") {
        if (read_side(value, row.side)) return {};
        return wrong_field("publicTrade", "S", "Buy or Sell");
    }
    if (key == "v") {
        if (read_positive(value, row.size)) return {};
        return wrong_field("publicTrade", "v", "a number above 0");
    }
    if (key == "p") {
        if (read_positive(value, row.price)) return {};
        return wrong_field("publicTrade", "p", "a number above 0");
    }
    if (key == "i") {
        if (venues::read_text(value, row.native_id) == Found::present) return {};
        return wrong_field("publicTrade", "i", "the trade's id");
    }
    return {};
}

template <class Row>
Status read_fields(ondemand::object fields, Row& row) {
    return venues::for_each_field(fields, [&](std::string_view key, ondemand::value value) {
        return read_field(key, value, row);
    });
}

}  // namespace

Status read_liquidation(ondemand::object fields, LiquidationRow& row) {
    if (Status status = read_fields(fields, row); !status.ok()) return status;
    if (row.symbol.empty()) return wrong_field("liquidation", "s", "a symbol");
    if (row.side.empty()) return wrong_field("liquidation", "S", "Buy or Sell");
    if (row.size == 0) return wrong_field("liquidation", "v", "a number above 0");
    if (row.price == 0) return wrong_field("liquidation", "p", "a number above 0");
    if (row.time == 0) return wrong_field("liquidation", "T", "milliseconds since 1970");
    return {};
}

Status read_trade(ondemand::object fields, TradeRow& row) {
    if (Status status = read_fields(fields, row); !status.ok()) return status;
    if (!row.complete()) return bad_record("publicTrade: expected T, s, S, v, p and i");
    return {};
}

}  // namespace spillway::bybit
