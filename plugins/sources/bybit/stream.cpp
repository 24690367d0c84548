#include <cmath>

#include <fmt/format.h>

#include <spillway/fields.hpp>

#include "common/venues/ids.hpp"
#include "plugin.hpp"

namespace spillway::bybit {
namespace {

using venues::JsonFields;
using venues::presence;
using venues::wrong_field;

constexpr std::uint32_t liquidation_fields =
    presence(field::liquidation::price, field::liquidation::quantity, field::liquidation::notional,
             field::liquidation::side, field::liquidation::price_kind,
             field::liquidation::completeness, field::liquidation::raw);
constexpr std::uint32_t trade_fields =
    presence(field::trade::price, field::trade::quantity, field::trade::side);

/// Values that seldom change are said again after this time, as long as the ticker goes on: a
/// missing field means "unchanged".
constexpr Duration repeat_after = minute;
/// The venue sends several messages a second and cuts a connection that is silent for ten minutes:
/// after that, messages were lost and what was known no longer holds.
constexpr Duration longest_silence = 10 * minute;

/// What a topic carries; of tickers the price stands for all.
std::optional<Kind> kind_of_topic(std::string_view text) {
    if (text.find("iquidation") != std::string_view::npos) return Kind::liquidation;
    if (text.find("tickers") != std::string_view::npos) return Kind::price;
    if (text.find("publicTrade") != std::string_view::npos) return Kind::trade;
    return std::nullopt;
}

Status cannot_value(std::string_view message, std::string_view symbol) {
    return bad_record(fmt::format("{}: cannot tell the value of '{}': expected a linear contract "
                                  "(BTCUSDT, BTCPERP, BTC-26DEC25) or an inverse one (BTCUSD, "
                                  "BTCUSDZ25)",
                                  message, symbol),
                      "symbol");
}

}  // namespace

Status Bybit::on(const Frame& frame, Emitter& out) {
    if (frame.type == FrameType::opened || frame.type == FrameType::closed ||
        (frame.type == FrameType::gap && frame.bytes == overflow_reason)) {
        // What changed meanwhile is not known: the next snapshots say it.
        symbols_.for_each([&](std::string_view, Known& known) {
            if (known.ticker.session == frame.session) known.ticker.forget();
        });
    }
    return health_.route(
        frame, out, [&] { return on_data(frame, out); }, [&] { return on_response(frame, out); });
}

Status Bybit::on_data(const Frame& frame, Emitter& out) {
    ondemand::object message;
    if (Status status = reader_.read(frame.bytes, message); !status.ok()) return status;
    JsonFields fields("message", message);
    const std::string_view topic = fields.text_or_none("topic");
    if (!fields.ok()) return fields.problem();
    if (topic.empty()) return on_control(message, frame, out);
    const std::string_view stream = topic.substr(0, topic.find('.'));
    if (stream == "allLiquidation") return on_liquidations(message, true, frame, out);
    if (stream == "tickers") return on_ticker(message, frame, out);
    if (stream == "publicTrade") return on_trades(message, frame, out);
    if (stream == "liquidation") return on_liquidations(message, false, frame, out);
    if (stream == "instrument_info") return on_instrument_info(message, frame, out);
    if (stream == "trade") return on_old_trades(message, frame, out);
    return bad_record(fmt::format("topic '{}' is not decoded; subscribe to allLiquidation, tickers "
                                  "or publicTrade",
                                  topic.substr(0, 64)),
                      "topic");
}

/// Answers to requests. A refused subscription leaves the connection open and silent: that must be
/// seen.
Status Bybit::on_control(ondemand::object message, const Frame& frame, Emitter& out) {
    JsonFields fields("answer", message);
    const auto success = fields.flag("success");
    if (!success) {
        const auto operation = fields.text_if_any("op");
        if (operation == "pong" || operation == "ping") return {};
        if (!fields.ok()) return fields.problem();
        return bad_record("neither data (no key 'topic') nor the answer to a request");
    }
    if (*success) return {};
    const std::string_view text = fields.text_if_any("ret_msg").value_or("no ret_msg");
    if (!fields.ok()) return fields.problem();
    if (text.find("already subscribed") != std::string_view::npos) return {};
    health_.on_refused(frame, kind_of_topic(text), fmt::format("subscription refused: {}", text),
                       out);
    return {};
}

/// allLiquidation sends an array, liquidation one object, recordings of its REST form an array.
Status Bybit::on_liquidations(ondemand::object message, bool complete, const Frame& frame,
                              Emitter& out) {
    const std::uint32_t first = out.size();
    JsonFields fields("liquidation", message);
    auto data = fields.value("data");
    if (!data) fields.refuse("data", "expected an array of orders");
    if (!fields.ok()) return fields.problem();
    ondemand::array rows;
    if (data->get_array().get(rows) != simdjson::SUCCESS) {
        ondemand::object row;
        if (data->get_object().get(row)) return wrong_field("liquidation", "data", "orders");
        return on_liquidation(row, complete, first, frame, out);
    }
    for (auto element : rows) {
        ondemand::object row;
        if (element.get_object().get(row)) return venues::no_object();
        if (Status status = on_liquidation(row, complete, first, frame, out); !status.ok()) {
            return status;
        }
    }
    return {};
}

Status Bybit::on_liquidation(ondemand::object fields, bool complete, std::uint32_t first,
                             const Frame& frame, Emitter& out) {
    LiquidationRow row;
    if (Status status = read_liquidation(fields, row); !status.ok()) return status;
    const Known& known = symbols_[row.symbol];
    if (known.contract.settlement == Settlement::unknown)
        return cannot_value("liquidation", row.symbol);
    const bool inverse = known.contract.settlement == Settlement::inverse;
    const double notional = inverse ? row.size : row.size * row.price;
    const double quantity = inverse ? row.size / row.price : row.size;
    if (!std::isfinite(notional) || !std::isfinite(quantity)) {
        return wrong_field("liquidation", "p", "a price and a size that a value can be made of");
    }

    Event& event = begin(Kind::liquidation, row.time, known, frame, out);
    event.flags = flag_raw_in_block;
    event.kind_and_presence |= liquidation_fields;
    LiquidationPayload& liquidation = event.liquidation;
    liquidation.price = row.price;
    liquidation.quantity = quantity;
    liquidation.notional = notional;
    liquidation.raw = raw_range(out, frame.bytes);
    // The side of the position, not of the order: `Buy` is a long that was liquidated.
    liquidation.side = row.side == "Buy" ? Side::long_position : Side::short_position;
    liquidation.price_kind = PriceKind::bankruptcy;
    liquidation.completeness = complete ? Completeness::complete : Completeness::sampled;
    if (!needs_ids()) return {};
    const std::uint64_t channel = hash_text(complete ? "allLiquidation" : "liquidation");
    if (row.has_native_id) {
        const fmt::format_int native(row.native_id);
        venues::set_native_id(event, channel, known.hash, {native.data(), native.size()});
    } else {
        venues::set_row_id(event, channel, known.hash, row.price, row.size,
                           static_cast<double>(liquidation.side),
                           venues::equal_liquidations_before(out.batch(), first, event));
    }
    return {};
}

Status Bybit::on_trades(ondemand::object message, const Frame& frame, Emitter& out) {
    JsonFields fields("publicTrade", message);
    auto rows = fields.array("data");
    if (!rows) fields.refuse("data", "expected an array of trades");
    if (!fields.ok()) return fields.problem();
    for (auto element : *rows) {
        ondemand::object row;
        if (element.get_object().get(row)) return venues::no_object();
        TradeRow trade;
        if (Status status = read_trade(row, trade); !status.ok()) return status;
        if (Status status = emit_trade(trade, frame, out); !status.ok()) return status;
    }
    return {};
}

Status Bybit::emit_trade(const TradeRow& row, const Frame& frame, Emitter& out) {
    const Known& known = symbols_[row.symbol];
    if (known.contract.settlement == Settlement::unknown)
        return cannot_value("publicTrade", row.symbol);
    const bool inverse = known.contract.settlement == Settlement::inverse;
    const double quantity = inverse ? row.size / row.price : row.size;
    if (!std::isfinite(quantity)) {
        return wrong_field("publicTrade", "v", "a size that a price divides");
    }
    Event& event = begin(Kind::trade, row.time, known, frame, out);
    event.trade.price = row.price;
    event.trade.quantity = quantity;
    event.trade.side = row.side == "Buy" ? TakerSide::buy : TakerSide::sell;
    event.kind_and_presence |= trade_fields;
    if (needs_ids()) {
        venues::set_native_id(event, hash_text("publicTrade"), known.hash, row.native_id);
    }
    return {};
}

Status Bybit::on_ticker(ondemand::object message, const Frame& frame, Emitter& out) {
    std::string_view symbol;
    TickerValues values;
    JsonFields envelope("tickers", message);
    const std::string_view type = envelope.text("type");
    if (type != "snapshot" && type != "delta")
        envelope.refuse("type", "expected snapshot or delta");
    const auto data = envelope.object("data");
    if (!data) envelope.refuse("data", "expected an object");
    if (!envelope.ok()) return envelope.problem();
    if (Status status = read_ticker(*data, values, symbol); !status.ok()) return status;
    const Time time = envelope.time("ts");
    if (!envelope.ok()) return envelope.problem();
    return take_ticker(symbol, values, type == "snapshot", time, frame, out);
}

Status Bybit::take_ticker(std::string_view symbol, const TickerValues& values, bool snapshot,
                          Time time, const Frame& frame, Emitter& out) {
    Known& known = symbols_[symbol];
    if (known.contract.settlement == Settlement::unknown) return cannot_value("tickers", symbol);

    TickerState& ticker = known.ticker;
    if (snapshot || ticker.session != frame.session || time - ticker.time > longest_silence) {
        ticker.forget();
        ticker.session = frame.session;
    }
    ticker.time = time;
    using enum TickerField;
    const std::uint32_t changed = ticker.apply(values);
    if (values.has(funding_interval_hour)) known.funding_hours = values[funding_interval_hour];
    learn_sides(values, known);
    constexpr std::uint32_t prices = bit(last_price) | bit(mark_price) | bit(index_price);
    constexpr std::uint32_t interests = bit(open_interest) | bit(open_interest_value) |
                                        bit(single_open_interest) | bit(single_open_interest_value);
    constexpr std::uint32_t fundings = bit(funding_rate) | bit(next_funding_time);
    const auto is_due = [&](std::uint32_t fields, Time& last) {
        const bool due = (changed & fields) != 0 ||
                         (last != 0 && (ticker.known & fields) != 0 && time - last >= repeat_after);
        if (due) last = time;
        return due;
    };
    if (is_due(prices, ticker.price_time)) emit_price(ticker, time, known, frame, out);
    if (is_due(interests, ticker.interest_time)) emit_interest(ticker, time, known, frame, out);
    if (is_due(fundings, ticker.funding_time)) emit_funding(ticker, time, known, frame, out);
    return {};
}

}  // namespace spillway::bybit
