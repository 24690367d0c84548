#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include <spillway/fields.hpp>

#include "common/venues/ids.hpp"
#include "plugin.hpp"
#include "trade.hpp"

namespace spillway::kraken_futures {
namespace {

using venues::Found;
using venues::presence;
using venues::wrong_field;

constexpr std::string_view name = "trade";

Status read_trade(dom::object row, Trade& trade) {
    std::string_view side, type;
    if (venues::find_text(row, "side", side) != Found::present ||
        (side != "buy" && side != "sell")) {
        return wrong_field(name, "side", "buy or sell");
    }
    trade.side = side == "buy" ? TakerSide::buy : TakerSide::sell;
    if (venues::find_text(row, "type", type) != Found::present) {
        return wrong_field(name, "type", "a text");
    }
    trade.liquidation = type == "liquidation";
    trade.off_book = type == "block" || type == "assignment" || type == "termination";
    if (!trade.liquidation && !trade.off_book && type != "fill") {
        return bad_record(fmt::format("{}: type '{}'; expected fill, liquidation, assignment, "
                                      "termination or block",
                                      name, type.substr(0, 64)),
                          "type");
    }
    if (venues::find_number(row, "price", trade.price) != Found::present || !(trade.price > 0)) {
        return wrong_field(name, "price", "a number above 0");
    }
    if (venues::find_number(row, "qty", trade.quantity) != Found::present ||
        !(trade.quantity > 0)) {
        return wrong_field(name, "qty", "a number above 0");
    }
    if (venues::find_millis(row, "time", trade.time) != Found::present) {
        return wrong_field(name, "time", "milliseconds since 1970");
    }
    if (venues::find_text(row, "uid", trade.uid) == Found::wrong) {
        return wrong_field(name, "uid", "a text");
    }
    if (venues::find_number(row, "seq", trade.sequence) == Found::wrong) {
        return wrong_field(name, "seq", "a number");
    }
    return {};
}

/// The bytes of one row of a snapshot; of the whole message if they cannot be told.
std::string_view bytes_of(std::string_view uid, std::string_view message) {
    const std::size_t at = message.find(fmt::format(R"("uid":"{}")", uid));
    if (uid.empty() || at == std::string_view::npos) return message;
    const std::size_t begin = message.rfind('{', at), end = message.find('}', at);
    if (begin == std::string_view::npos || end == std::string_view::npos) return message;
    return message.substr(begin, end + 1 - begin);
}

void set_id(Event& event, const Known& known, const Trade& trade) {
    const std::uint64_t channel = hash_text(to_string(event.kind()));
    if (!trade.uid.empty()) {
        venues::set_native_id(event, channel, known.hash, trade.uid);
    } else {
        venues::set_row_id(event, channel, known.hash, trade.price, trade.quantity, trade.sequence);
    }
}

}  // namespace

/// The last trades, newest first; they leave oldest first. What was traded before the first
/// subscription is history, and nobody waits for it; after an outage it is what was missed.
Status KrakenFutures::on_trades(dom::object message, const Frame& frame, Emitter& out) {
    constexpr std::string_view snapshot = "trade_snapshot";
    Known* known = nullptr;
    dom::array rows;
    Status status = find_product(snapshot, message, "product_id", known);
    if (!status.ok()) return status;
    if (!known->contract.decoded()) return {};
    if (venues::find_array(message, "trades", rows) != Found::present) {
        return wrong_field(snapshot, "trades", "an array");
    }
    std::vector<Trade> trades;
    for (auto element : rows) {
        dom::object row;
        if (element.get_object().get(row)) return venues::no_object();
        status = read_trade(row, trades.emplace_back());
        if (!status.ok()) return status;
    }
    std::reverse(trades.begin(), trades.end());
    const Time since = known->newest;
    for (const Trade& trade : trades) {
        known->newest = std::max(known->newest, trade.time);
        if (since != 0 && trade.time >= since) emit_trade(trade, *known, frame, out);
    }
    return {};
}

Status KrakenFutures::on_trade(dom::object row, const Frame& frame, Emitter& out) {
    Known* known = nullptr;
    Trade trade;
    if (Status status = find_product(name, row, "product_id", known); !status.ok()) return status;
    if (!known->contract.decoded()) return {};
    if (Status status = read_trade(row, trade); !status.ok()) return status;
    known->newest = std::max(known->newest, trade.time);
    emit_trade(trade, *known, frame, out);
    return {};
}

void KrakenFutures::emit_trade(const Trade& trade, const Known& known, const Frame& frame,
                               Emitter& out) {
    if (trade.off_book) return;
    const double coins = known.contract.coins(trade.quantity, trade.price);
    if (trade.liquidation) {
        using namespace field::liquidation;
        Event& event = begin_event(Kind::liquidation, trade.time, known, frame, out);
        event.flags = flag_raw_in_block;
        LiquidationPayload& liquidation = event.liquidation;
        // The order that closed the position took: a sale closes a long.
        liquidation.side =
            trade.side == TakerSide::sell ? Side::long_position : Side::short_position;
        liquidation.price = trade.price;
        liquidation.quantity = coins;
        liquidation.notional = known.contract.dollars(trade.quantity, trade.price);
        liquidation.price_kind = PriceKind::fill;
        liquidation.completeness = Completeness::complete;
        liquidation.raw = raw_range(out, bytes_of(trade.uid, frame.bytes));
        event.kind_and_presence |=
            presence(price, quantity, notional, side, price_kind, completeness, raw);
        if (needs_ids()) set_id(event, known, trade);
    }
    if (!options.trades) return;
    using namespace field::trade;
    Event& event = begin_event(Kind::trade, trade.time, known, frame, out);
    event.trade.price = trade.price;
    event.trade.quantity = coins;
    event.trade.side = trade.side;
    event.kind_and_presence |= presence(price, quantity, side);
    if (needs_ids()) set_id(event, known, trade);
}

}  // namespace spillway::kraken_futures
