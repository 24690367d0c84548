#include "messages.hpp"

namespace spillway::binance {
namespace {

struct Trade {
    std::string_view symbol;
    Time time = 0;
    double price = 0;
    double quantity = 0;
    bool buyer_is_maker = false;
    std::optional<std::int64_t> number;  ///< the venue's, ascending for each symbol
};

/// `number` is the key of the trade's number; messages before 2020 can lack it.
Trade read(JsonFields& fields, std::string_view number) {
    Trade trade;
    trade.number = fields.integer(number);
    trade.symbol = fields.text("s");
    trade.price = fields.positive("p");
    trade.quantity = fields.positive("q");
    trade.time = fields.time("T");
    const auto maker = fields.flag("m");
    if (!maker) fields.refuse("m", "expected true or false");
    trade.buyer_is_maker = maker.value_or(false);
    return trade;
}

void emit(std::string_view channel, const Trade& trade, const Writer& writer) {
    const Contract& contract = writer.contracts().find(trade.symbol);
    if (contract.settlement == Settlement::unknown) return;
    // Where the buyer waited in the book, the seller took.
    const TakerSide side = trade.buyer_is_maker ? TakerSide::sell : TakerSide::buy;
    Event& event = trade.number
                       ? writer.emit(Kind::trade, channel, contract, trade.time, *trade.number)
                       : writer.emit(Kind::trade, channel, contract, trade.time, trade.price,
                                     trade.quantity, side);
    const double coins = contract.settlement == Settlement::inverse
                             ? trade.quantity * contract.contract_size / trade.price
                             : trade.quantity;
    event.trade.price = trade.price;
    event.trade.quantity = coins;
    event.trade.side = side;
    event.kind_and_presence |=
        presence(field::trade::price, field::trade::quantity, field::trade::side);
}

}  // namespace

Status decode_aggregate_trade(ondemand::object message, const Writer& writer) {
    JsonFields fields("aggTrade", message);
    const Trade trade = read(fields, "a");
    if (!fields.ok()) return fields.problem();
    emit("aggTrade", trade, writer);
    return {};
}

Status decode_trade(ondemand::object message, const Writer& writer) {
    JsonFields fields("trade", message);
    const auto origin = fields.text_if_any("X");
    // Auto-deleveraging and the insurance fund trade outside the book, at prices of their own.
    if (origin && *origin != "MARKET") return {};
    const Trade trade = read(fields, "t");
    if (!fields.ok()) return fields.problem();
    emit("trade", trade, writer);
    return {};
}

}  // namespace spillway::binance
