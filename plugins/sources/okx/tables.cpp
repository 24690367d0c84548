#include <cmath>

#include <fmt/format.h>

#include "common/venues/iso_time.hpp"
#include "plugin.hpp"

// The v3 format, in which OKX sent until 2021: {"table":"swap/liquidation","data":[..]}. Times are
// texts, and rows name their instrument `instrument_id`.

namespace spillway::okx {
namespace {

Time read_time(JsonFields& fields, std::string_view key) {
    const auto time = venues::read_iso_time(fields.text(key));
    if (!time) fields.refuse(key, "expected a time like 2019-08-01T00:00:20.773Z");
    return time.value_or(0);
}

}  // namespace

Status Okx::on_table(std::string_view name, JsonFields& message, const Frame& frame, Emitter& out) {
    const std::optional<Table> table = find_table(name);
    if (!table) {
        return bad_record(fmt::format("table '{}' is not decoded; of swap/ and futures/ these are: "
                                      "liquidation, mark_price, ticker, funding_rate, trade",
                                      name.substr(0, 64)),
                          "table");
    }
    auto rows = message.array("data");
    if (!rows) message.refuse("data", "expected an array");
    if (!message.ok()) return message.problem();
    const std::uint32_t first = out.size();
    for (auto element : *rows) {
        ondemand::object row;
        if (element.get_object().get(row)) return venues::no_object();
        if (Status status = on_table_row(*table, row, first, frame, out); !status.ok()) {
            return status;
        }
    }
    return {};
}

Status Okx::on_table_row(Table table, ondemand::object row, std::uint32_t first, const Frame& frame,
                         Emitter& out) {
    JsonFields fields("row", row);
    const std::string_view id = fields.text("instrument_id");
    const Known* const known = find_decoded(id);
    if (known == nullptr) return fields.problem();
    switch (table) {
        case Table::liquidation:
            return on_table_liquidation(fields, id, *known, first, frame, out);
        case Table::mark_price: {
            const double mark = fields.positive("mark_price");
            const Time time = read_time(fields, "timestamp");
            if (!fields.ok()) return fields.problem();
            emit_mark(mark, time, *known, frame, out);
            return {};
        }
        case Table::ticker: {
            const auto last = fields.not_negative_if_any("last");
            const auto contracts = fields.not_negative_if_any("volume_24h");
            const auto coins = fields.not_negative_if_any("volume_token_24h");
            const auto open = fields.not_negative_if_any("open_interest");
            const Time time = read_time(fields, "timestamp");
            if (!fields.ok()) return fields.problem();
            if (last && *last > 0) {
                emit_ticker({*last, contracts, coins}, time, *known, frame, out);
            }
            if (open) emit_open_interest({*open}, time, *known, frame, out);
            return {};
        }
        case Table::funding_rate: {
            const auto rate = fields.number("funding_rate");
            if (!rate) return fields.problem();  // not zero: none is known yet
            if (!(std::abs(*rate) < 1)) fields.refuse("funding_rate", "expected a fraction");
            const Time due = read_time(fields, "funding_time");
            if (!fields.ok() || !known->contract.perpetual) return fields.problem();
            emit_funding({*rate, due}, *known, frame, out);
            return {};
        }
        case Table::trade: {
            Trade trade;
            trade.native = fields.text("trade_id");
            trade.price = fields.positive("price");
            // Swaps say `size`, futures `qty`.
            const auto size = fields.not_negative_if_any("size");
            trade.contracts = size ? *size : fields.positive("qty");
            if (!(trade.contracts > 0)) fields.refuse("size", "expected a number above 0");
            trade.side = read_taker(fields);
            const Time time = read_time(fields, "timestamp");
            if (!fields.ok()) return fields.problem();
            return emit_trade(trade, time, id, *known, frame, out);
        }
    }
    return {};
}

Status Okx::on_table_liquidation(JsonFields& fields, std::string_view id, const Known& known,
                                 std::uint32_t first, const Frame& frame, Emitter& out) {
    Liquidated order;
    order.price = fields.positive("price");
    order.contracts = fields.positive("size");
    // What was closed: 3 a long, 4 a short.
    const std::string_view type = fields.text("type");
    if (type != "3" && type != "4") fields.refuse("type", "expected 3 or 4");
    order.side = type == "3" ? Side::long_position : Side::short_position;
    const Time time = read_time(fields, "created_at");
    if (!fields.ok()) return fields.problem();
    return emit_liquidation(order, time, id, known, first, frame, out);
}

}  // namespace spillway::okx
