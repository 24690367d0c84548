#include "plugin.hpp"

#include <bit>
#include <cmath>
#include <string>

#include <fmt/format.h>

#include <spillway/fields.hpp>

namespace spillway::binance {
namespace {

template <class... Field>
constexpr std::uint32_t presence(Field... fields) {
    return ((1U << (8U + static_cast<unsigned>(fields))) | ...);
}

constexpr std::uint32_t liquidation_fields =
    presence(field::liquidation::price, field::liquidation::quantity, field::liquidation::notional,
             field::liquidation::side, field::liquidation::price_kind,
             field::liquidation::completeness, field::liquidation::raw);

bool is_event_time(std::int64_t time_ms) {
    return time_ms >= earliest_event_time / millisecond &&
           time_ms < latest_event_time / millisecond;
}

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

Status json_problem(simdjson::error_code code) {
    return bad_record(fmt::format("not a JSON message: {}", simdjson::error_message(code)));
}

/// A decimal in quotes that may be missing or empty (dated contracts have no funding rate).
bool read_decimal(ondemand::object& message, std::string_view key, double& number) {
    return message.find_field_unordered(key).get_double_in_string().get(number) ==
               simdjson::SUCCESS &&
           std::isfinite(number);
}

}  // namespace

bool Binance::emit_order(const ForceOrder& order, const Frame& frame, Emitter& out) {
    const Contract& contract = contracts_.find(order.symbol);
    if (!agree(order.line, contract.settlement) || !is_event_time(order.time_ms)) return false;
    double quantity = order.quantity;
    double notional = order.price * order.quantity;
    if (contract.settlement == Settlement::inverse) [[unlikely]] {
        notional = order.quantity * contract.contract_size;
        quantity = notional / order.price;
    }
    if (!std::isfinite(notional) || !std::isfinite(quantity)) return false;

    Event& event = out.emit(Kind::liquidation);
    event.event_time = order.time_ms * millisecond;
    event.venue = frame.venue;
    event.instrument = contract.instrument;
    event.market = contract.market;
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
    if (setup().needs_ids) {
        set_id(event, hash_text("forceOrder"), contract.hash, order.time_ms, order.price,
               order.quantity, static_cast<std::uint64_t>(order.side));
    }
    return true;
}

/// Never of receive time or session: a reconnect or a second subscription gives the same id.
void Binance::set_id(Event& event, std::uint64_t channel, std::uint64_t symbol,
                     std::int64_t time_ms, double a, double b, std::uint64_t c) {
    struct Key {
        std::uint64_t venue, channel, symbol;
        std::int64_t time_ms;
        std::uint64_t a, b, c;
    };
    event.id = hash_id(Key{hash_text(text_of(event.venue)), channel, symbol, time_ms,
                           std::bit_cast<std::uint64_t>(a), std::bit_cast<std::uint64_t>(b), c});
}

Status Binance::on_any(const Frame& frame, Emitter& out) {
    ondemand::document document;
    const std::string_view bytes = frame.bytes;
    if (const auto code =
            parser_.iterate(bytes.data(), bytes.size(), bytes.size() + simdjson::SIMDJSON_PADDING)
                .get(document)) {
        return json_problem(code);
    }
    const auto on_array = [&](ondemand::array messages) -> Status {
        for (auto element : messages) {
            ondemand::object message;
            if (const auto code = element.get_object().get(message)) return json_problem(code);
            if (Status status = on_message(message, frame, out); !status.ok()) return status;
        }
        return {};
    };

    ondemand::json_type type{};
    if (const auto code = document.type().get(type)) return json_problem(code);
    if (type == ondemand::json_type::array) {
        ondemand::array messages;
        if (const auto code = document.get_array().get(messages)) return json_problem(code);
        return on_array(messages);
    }
    ondemand::object object;
    if (const auto code = document.get_object().get(object)) return json_problem(code);
    ondemand::value data;
    if (object.find_field_unordered("data").get(data) != simdjson::SUCCESS) {
        return on_message(object, frame, out);
    }
    if (ondemand::array messages; data.get_array().get(messages) == simdjson::SUCCESS) {
        return on_array(messages);
    }
    if (const auto code = data.get_object().get(object)) return json_problem(code);
    return on_message(object, frame, out);
}

Status Binance::on_message(ondemand::object message, const Frame& frame, Emitter& out) {
    std::string_view type;
    if (message.find_field_unordered("e").get_string().get(type) != simdjson::SUCCESS) {
        // The answer to a subscription is no data; one that complains must be seen.
        ondemand::value answer;
        if (message.find_field_unordered("result").get(answer) == simdjson::SUCCESS) return {};
        return bad_record("neither an event (no key 'e') nor the answer to a request");
    }
    if (type == "forceOrder") return on_force_order(message, frame, out);
    if (type == "markPriceUpdate") return on_mark_price(message, frame, out);
    return bad_record(
        fmt::format("e: '{}' is not decoded; subscribe to forceOrder or markPrice", type), "e");
}

Status Binance::on_force_order(ondemand::object message, const Frame& frame, Emitter& out) {
    ondemand::object fields;
    ForceOrder order;
    if (message.find_field_unordered("o").get_object().get(fields) != simdjson::SUCCESS) {
        return bad_record("forceOrder: no order in 'o'", "o");
    }
    if (Status status = read_order(fields, order); !status.ok()) return status;
    // Some documents and relays write the line beside the order.
    if (std::int64_t line = 0; order.line == Line::unnamed &&
                               !message.find_field_unordered("st").get_int64().get(line) &&
                               (line == 1 || line == 2)) {
        order.line = static_cast<Line>(line);
    }
    // The cache reads whole words: the symbol gets readable bytes behind it.
    std::string symbol(order.symbol);
    symbol.reserve(symbol.size() + ContractCache::readable);
    order.symbol = symbol;
    if (emit_order(order, frame, out)) return {};
    if (!is_event_time(order.time_ms)) {
        return bad_record(fmt::format("forceOrder: T: {} is not in the years 2009 to 2100; "
                                      "expected milliseconds since 1970",
                                      order.time_ms),
                          "T");
    }
    return bad_record(
        fmt::format("forceOrder: s: cannot tell the value of '{}' (st {}): expected a "
                    "USDT or USDC contract (st 1) or a COIN-M contract like "
                    "BTCUSD_PERP (st 2)",
                    symbol, static_cast<int>(order.line)),
        "s");
}

Status Binance::on_mark_price(ondemand::object message, const Frame& frame, Emitter& out) {
    std::int64_t time_ms = 0;
    std::string_view text;
    double mark = 0;
    if (message.find_field_unordered("E").get_int64().get(time_ms) || !is_event_time(time_ms)) {
        return bad_record("markPriceUpdate: E: no time of the years 2009 to 2100", "E");
    }
    if (message.find_field_unordered("s").get_string().get(text) || text.empty()) {
        return bad_record("markPriceUpdate: s: no symbol", "s");
    }
    std::string symbol(text);
    symbol.reserve(symbol.size() + ContractCache::readable);
    const Contract contract = contracts_.find(symbol);
    if (!read_decimal(message, "p", mark) || !(mark > 0)) {
        return bad_record(fmt::format("markPriceUpdate: p: no price above 0 of {}", symbol), "p");
    }
    // Arrays list every contract of the venue, also such that are not quoted in dollars.
    if (contract.settlement == Settlement::unknown) return {};

    double index = 0;
    double rate = 0;
    std::int64_t next_funding_ms = 0;
    const bool has_index = read_decimal(message, "i", index) && index > 0;
    const bool has_rate = contract.perpetual && read_decimal(message, "r", rate);
    const bool has_next = !message.find_field_unordered("T").get_int64().get(next_funding_ms) &&
                          is_event_time(next_funding_ms);

    const auto begin = [&](Kind kind) -> Event& {
        Event& event = out.emit(kind);
        event.event_time = time_ms * millisecond;
        event.venue = frame.venue;
        event.instrument = contract.instrument;
        event.market = contract.market;
        if (setup().needs_ids) {
            set_id(event, hash_text("markPrice"), contract.hash, time_ms, mark, rate,
                   static_cast<std::uint64_t>(kind));
        }
        return event;
    };
    Event& price = begin(Kind::price);
    price.price.mark = mark;
    price.set_present(field::price::mark);
    if (has_index) {
        price.price.index = index;
        price.set_present(field::price::index);
    }
    if (!has_rate) return {};
    Event& funding = begin(Kind::funding_rate);
    funding.funding_rate.rate = rate;
    funding.funding_rate.mark = mark;
    funding.kind_and_presence |= presence(field::funding_rate::rate, field::funding_rate::mark,
                                          field::funding_rate::settled);
    if (has_index) {
        funding.funding_rate.index = index;
        funding.set_present(field::funding_rate::index);
    }
    if (has_next) {
        funding.funding_rate.next_funding_time = next_funding_ms * millisecond;
        funding.set_present(field::funding_rate::next_funding_time);
    }
    return {};
}

}  // namespace spillway::binance

SPILLWAY_PLUGIN(spillway::binance::Binance)
