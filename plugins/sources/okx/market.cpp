#include <cmath>

#include <fmt/format.h>

#include <spillway/fields.hpp>

#include "common/venues/ids.hpp"
#include "plugin.hpp"

namespace spillway::okx {
namespace {

using venues::presence;

constexpr Duration longest_funding_interval = 24 * hour;

}  // namespace

Status Okx::on_mark_price(ondemand::object row, const Frame& frame, Emitter& out) {
    constexpr std::string_view name = "mark-price";
    JsonFields fields(name, row);
    const std::string_view id = fields.text("instId");
    const Known* const known = find_decoded(id);
    if (known == nullptr) return fields.problem();
    const double mark = fields.positive("markPx");
    const Time time = fields.time("ts");
    if (!fields.ok()) return fields.problem();
    emit_mark(mark, time, *known, frame, out);
    return {};
}

void Okx::emit_mark(double mark, Time time, const Known& known, const Frame& frame, Emitter& out) {
    Event& event = begin_event(Kind::price, time, known, frame, out);
    event.price.mark = mark;
    event.set_present(field::price::mark);
    if (needs_ids()) venues::set_row_id(event, hash_text("mark-price"), known.hash, mark);
}

Status Okx::on_ticker(ondemand::object row, const Frame& frame, Emitter& out) {
    constexpr std::string_view name = "tickers";
    JsonFields fields(name, row);
    const std::string_view id = fields.text("instId");
    const Known* const known = find_decoded(id);
    if (known == nullptr) return fields.problem();
    const auto last = fields.not_negative_if_any("last");
    if (!last || *last == 0) return fields.problem();  // nothing was traded yet
    Traded traded{*last};
    traded.coins = fields.not_negative_if_any("volCcy24h");
    traded.contracts = fields.not_negative_if_any("vol24h");
    const Time time = fields.time("ts");
    if (!fields.ok()) return fields.problem();
    emit_ticker(traded, time, *known, frame, out);
    return {};
}

void Okx::emit_ticker(const Traded& traded, Time time, const Known& known, const Frame& frame,
                      Emitter& out) {
    Event& event = begin_event(Kind::price, time, known, frame, out);
    event.price.last = traded.last;
    event.set_present(field::price::last);
    if (known.contract.settlement == Settlement::inverse && traded.contracts) {
        event.price.volume_usd = *traded.contracts * known.contract.size;
        event.set_present(field::price::volume_usd);
    } else if (traded.coins) {
        event.price.volume_usd = *traded.coins * traded.last;
        event.set_present(field::price::volume_usd);
    }
    if (needs_ids()) {
        venues::set_row_id(event, hash_text("tickers"), known.hash, traded.last,
                           traded.contracts.value_or(0), traded.coins.value_or(0));
    }
}

/// The index of a pair belongs to its perpetual.
Status Okx::on_index_ticker(ondemand::object row, const Frame& frame, Emitter& out) {
    constexpr std::string_view name = "index-tickers";
    JsonFields fields(name, row);
    const std::string_view id = fields.text("instId");
    if (!fields.ok()) return fields.problem();
    Known& known = ids_[id];
    if (known.instrument == InstrumentId::none) {
        // A pair is no contract: kept under its own id, as the perpetual's instrument.
        const std::string instrument = index_instrument(id);
        if (instrument.empty()) return {};
        known.instrument = instrument_id(instrument);
    }
    const double index = fields.positive("idxPx");
    const Time time = fields.time("ts");
    if (!fields.ok()) return fields.problem();
    Event& event = begin_event(Kind::price, time, known, frame, out);
    event.price.index = index;
    event.set_present(field::price::index);
    if (needs_ids()) venues::set_row_id(event, hash_text(name), known.hash, index);
    return {};
}

Status Okx::on_open_interest(ondemand::object row, const Frame& frame, Emitter& out) {
    constexpr std::string_view name = "open-interest";
    JsonFields fields(name, row);
    const std::string_view id = fields.text("instId");
    const Known* const known = find_decoded(id);
    if (known == nullptr) return fields.problem();
    OpenPositions open{fields.not_negative("oi")};
    open.coins = fields.not_negative_if_any("oiCcy");
    open.dollars = fields.not_negative_if_any("oiUsd");
    const Time time = fields.time("ts");
    if (!fields.ok()) return fields.problem();
    emit_open_interest(open, time, *known, frame, out);
    return {};
}

void Okx::emit_open_interest(const OpenPositions& open, Time time, const Known& known,
                             const Frame& frame, Emitter& out) {
    using namespace field;
    Event& event = begin_event(Kind::open_interest, time, known, frame, out);
    event.open_interest.contracts = open.contracts;
    event.set_present(open_interest::contracts);
    if (open.coins) {
        event.open_interest.base = *open.coins;
        event.set_present(open_interest::base);
    }
    const bool inverse = known.contract.settlement == Settlement::inverse;
    if (open.dollars || inverse) {
        event.open_interest.notional = open.dollars.value_or(open.contracts * known.contract.size);
        event.set_present(open_interest::notional);
    }
    if (needs_ids()) {
        venues::set_row_id(event, hash_text("open-interest"), known.hash, open.contracts,
                           open.coins.value_or(0));
    }
}

Status Okx::on_funding_rate(ondemand::object row, const Frame& frame, Emitter& out) {
    JsonFields fields("funding-rate", row);
    // They stand before the instrument, and are judged only where that is decoded.
    const auto rate_sent = fields.value("fundingRate");
    const auto due_sent = fields.value("fundingTime");
    const Known* const known = find_decoded(fields.text("instId"));
    if (known == nullptr || !known->contract.perpetual) return fields.problem();
    const auto rate = fields.number("fundingRate", rate_sent);
    Funding funding;
    funding.due = fields.optional_time("fundingTime", due_sent);
    if (!rate) return fields.problem();  // not zero: none is known yet
    funding.rate = *rate;
    if (!(std::abs(*rate) < 1)) fields.refuse("fundingRate", "expected a fraction");
    funding.after = fields.optional_time("nextFundingTime");
    funding.time = fields.optional_time("ts");
    if (!fields.ok()) return fields.problem();
    emit_funding(funding, *known, frame, out);
    return {};
}

/// Before 2023 the venue sent no time: then it is when the message was seen first.
void Okx::emit_funding(const Funding& funding, const Known& known, const Frame& frame,
                       Emitter& out) {
    using namespace field;
    Event& event = begin_event(Kind::funding_rate, funding.time.value_or(frame.receive_time), known,
                               frame, out);
    event.funding_rate.rate = funding.rate;
    event.kind_and_presence |= presence(funding_rate::rate, funding_rate::settled);
    if (funding.due) {
        event.funding_rate.next_funding_time = *funding.due;
        event.set_present(funding_rate::next_funding_time);
    }
    if (const Duration covers = funding.due && funding.after ? *funding.after - *funding.due : 0;
        covers > 0 && covers <= longest_funding_interval) {
        event.funding_rate.rate_interval_hours =
            static_cast<double>(covers) / static_cast<double>(hour);
        event.set_present(funding_rate::rate_interval_hours);
    }
    if (!needs_ids()) return;
    const std::uint64_t channel = hash_text("funding-rate");
    const std::int64_t due_millis = funding.due.value_or(0) / millisecond;
    if (funding.time) {
        venues::set_row_id(event, channel, known.hash, funding.rate,
                           static_cast<double>(due_millis));
    } else {
        venues::set_native_id(event, channel, known.hash,
                              fmt::format("{} {}", due_millis, funding.rate));
    }
}

Status Okx::on_trade(ondemand::object row, const Frame& frame, Emitter& out) {
    constexpr std::string_view name = "trades";
    JsonFields fields(name, row);
    const std::string_view id = fields.text("instId");
    const Known* const known = find_decoded(id);
    if (known == nullptr) return fields.problem();
    Trade trade;
    trade.native = fields.text("tradeId");
    trade.price = fields.positive("px");
    trade.contracts = fields.positive("sz");
    trade.side = read_taker(fields);
    const Time time = fields.time("ts");
    if (!fields.ok()) return fields.problem();
    return emit_trade(trade, time, id, *known, frame, out);
}

TakerSide Okx::read_taker(JsonFields& fields) {
    const std::string_view side = fields.text("side");
    if (side != "buy" && side != "sell") fields.refuse("side", "expected buy or sell");
    return side == "buy" ? TakerSide::buy : TakerSide::sell;
}

Status Okx::emit_trade(const Trade& trade, Time time, std::string_view id, const Known& known,
                       const Frame& frame, Emitter& out) {
    constexpr std::string_view name = "trades";
    if (!known.contract.sized()) return size_not_known(name, id);
    const double sized = trade.contracts * known.contract.size;
    const double quantity =
        known.contract.settlement == Settlement::inverse ? sized / trade.price : sized;
    if (!std::isfinite(quantity)) {
        return venues::wrong_field(name, "sz", "a size that a price divides");
    }
    Event& event = begin_event(Kind::trade, time, known, frame, out);
    event.trade.price = trade.price;
    event.trade.quantity = quantity;
    event.trade.side = trade.side;
    event.kind_and_presence |=
        presence(field::trade::price, field::trade::quantity, field::trade::side);
    if (needs_ids()) venues::set_native_id(event, hash_text(name), known.hash, trade.native);
    return {};
}

}  // namespace spillway::okx
