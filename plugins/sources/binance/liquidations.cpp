#include <cmath>

#include <fmt/format.h>

#include "liquidation_snapshot.hpp"
#include "plugin.hpp"

namespace spillway::binance {
namespace {

constexpr std::uint32_t liquidation_fields =
    presence(field::liquidation::price, field::liquidation::quantity, field::liquidation::notional,
             field::liquidation::side, field::liquidation::price_kind,
             field::liquidation::completeness, field::liquidation::raw);

/// The line that a message names must be the one that the symbol shows: an order of contracts
/// read as coins would be wrong by orders of magnitude.
bool agree(Line line, Settlement settlement) {
    switch (line) {
        case Line::unnamed:
            return settlement != Settlement::unknown;
        case Line::usd_margined:
            return settlement == Settlement::linear;
        case Line::coin_margined:
            return settlement == Settlement::inverse;
    }
    return false;
}

}  // namespace

[[gnu::flatten]] bool Binance::emit_order(const ForceOrder& order, const Contract& contract,
                                          const Frame& frame, Emitter& out) {
    if (!agree(order.line, contract.settlement) || !venues::is_event_time(order.time_ms))
        return false;
    double quantity = order.quantity;
    double notional = order.price * order.quantity;
    if (contract.settlement == Settlement::inverse) [[unlikely]] {
        notional = order.quantity * contract.contract_size;
        quantity = notional / order.price;
    }
    if (!std::isfinite(notional) || !std::isfinite(quantity)) return false;

    const Writer writer(frame, out, contracts_, setup().needs_ids);
    Event& event =
        writer.emit(Kind::liquidation, "forceOrder", contract, order.time_ms * millisecond,
                    order.price, order.quantity, order.side);
    event.flags = flag_raw_in_block;
    event.kind_and_presence |= liquidation_fields;
    LiquidationPayload& liquidation = event.liquidation;
    liquidation.price = order.price;
    liquidation.quantity = quantity;
    liquidation.notional = notional;
    liquidation.raw = raw_range(out, frame.bytes);
    liquidation.side = order.side;
    liquidation.price_kind = order.price_kind;
    liquidation.completeness = Completeness::sampled;
    return true;
}

Status Binance::on_force_order(ondemand::object message, const Writer& writer) {
    orders_follow_ = true;
    JsonFields fields("forceOrder", message);
    auto inner = fields.value("o");
    ondemand::object object;
    if (!inner || inner->get_object().get(object) != simdjson::SUCCESS) {
        return bad_record("forceOrder: no order in 'o'", "o");
    }
    ForceOrder order;
    if (Status status = read_order(object, order); !status.ok()) return status;
    // Some documents and relays write the line beside the order.
    if (order.line == Line::unnamed) {
        const auto line = fields.integer("st").value_or(0);
        if (line == 1 || line == 2) order.line = static_cast<Line>(line);
        if (!fields.ok()) return fields.problem();
    }
    return emit_or_refuse(order, "forceOrder", writer);
}

Status Binance::on_snapshot(ondemand::object row, const Channel& channel, const Writer& writer) {
    ForceOrder order;
    if (Status status = read_snapshot(row, channel.parameter("symbol"), order); !status.ok()) {
        return status;
    }
    return emit_or_refuse(order, "liquidationSnapshot", writer);
}

Status Binance::on_snapshot_line(const Channel& channel, const Writer& writer) {
    const std::string_view line = writer.frame().bytes;
    if (is_snapshot_header(line)) return {};
    ForceOrder order;
    if (Status status = read_snapshot_line(line, channel.parameter("symbol"), order);
        !status.ok()) {
        return status;
    }
    return emit_or_refuse(order, "liquidationSnapshot", writer);
}

Status Binance::emit_or_refuse(const ForceOrder& order, std::string_view message,
                               const Writer& writer) {
    if (emit_order(order, contracts_.find(order.symbol), writer.frame(), writer.out())) return {};
    if (!venues::is_event_time(order.time_ms)) {
        return bad_record(fmt::format("{}: T: {} is not in the years 2009 to 2100; expected "
                                      "milliseconds since 1970",
                                      message, order.time_ms),
                          "T");
    }
    return bad_record(
        fmt::format("{}: s: cannot tell the value of '{}' (st {}): expected a USDT or USDC "
                    "contract (st 1) or a COIN-M contract like BTCUSD_PERP (st 2)",
                    message, order.symbol, static_cast<int>(order.line)),
        "s");
}

}  // namespace spillway::binance
