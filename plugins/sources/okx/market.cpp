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
    Event& event = begin_event(Kind::price, time, *known, frame, out);
    event.price.mark = mark;
    event.set_present(field::price::mark);
    if (needs_ids()) venues::set_row_id(event, hash_text(name), known->hash, mark);
    return {};
}

Status Okx::on_ticker(ondemand::object row, const Frame& frame, Emitter& out) {
    constexpr std::string_view name = "tickers";
    JsonFields fields(name, row);
    const std::string_view id = fields.text("instId");
    const Known* const known = find_decoded(id);
    if (known == nullptr) return fields.problem();
    const auto last = fields.not_negative_if_any("last");
    if (!last || *last == 0) return fields.problem();  // nothing was traded yet
    const auto coins = fields.not_negative_if_any("volCcy24h");
    const auto contracts = fields.not_negative_if_any("vol24h");
    const Time time = fields.time("ts");
    if (!fields.ok()) return fields.problem();
    Event& event = begin_event(Kind::price, time, *known, frame, out);
    event.price.last = *last;
    event.set_present(field::price::last);
    if (known->contract.settlement == Settlement::inverse && contracts) {
        event.price.volume_usd = *contracts * known->contract.size;
        event.set_present(field::price::volume_usd);
    } else if (coins) {
        event.price.volume_usd = *coins * *last;
        event.set_present(field::price::volume_usd);
    }
    if (needs_ids()) {
        venues::set_row_id(event, hash_text(name), known->hash, *last, contracts.value_or(0),
                           coins.value_or(0));
    }
    return {};
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
    const double contracts = fields.not_negative("oi");
    const auto coins = fields.not_negative_if_any("oiCcy");
    auto dollars = fields.not_negative_if_any("oiUsd");
    const Time time = fields.time("ts");
    if (!fields.ok()) return fields.problem();
    if (!dollars && known->contract.settlement == Settlement::inverse) {
        dollars = contracts * known->contract.size;
    }
    using namespace field;
    Event& event = begin_event(Kind::open_interest, time, *known, frame, out);
    event.open_interest.contracts = contracts;
    event.set_present(open_interest::contracts);
    if (coins) {
        event.open_interest.base = *coins;
        event.set_present(open_interest::base);
    }
    if (dollars) {
        event.open_interest.notional = *dollars;
        event.set_present(open_interest::notional);
    }
    if (needs_ids()) {
        venues::set_row_id(event, hash_text(name), known->hash, contracts, coins.value_or(0));
    }
    return {};
}

Status Okx::on_funding_rate(ondemand::object row, const Frame& frame, Emitter& out) {
    constexpr std::string_view name = "funding-rate";
    using namespace field;
    JsonFields fields(name, row);
    // They stand before the instrument, and are judged only where that is decoded.
    const auto rate_sent = fields.value("fundingRate");
    const auto due_sent = fields.value("fundingTime");
    const Known* const known = find_decoded(fields.text("instId"));
    if (known == nullptr || !known->contract.perpetual) return fields.problem();
    const auto rate = fields.number("fundingRate", rate_sent);
    const auto due = fields.optional_time("fundingTime", due_sent);
    if (!rate) return fields.problem();  // not zero: none is known yet
    if (!(std::abs(*rate) < 1)) fields.refuse("fundingRate", "expected a fraction");
    const auto after = fields.optional_time("nextFundingTime");
    // Before 2023 the venue sent no time: then it is when the message was seen first.
    const auto time = fields.optional_time("ts");
    if (!fields.ok()) return fields.problem();
    Event& event =
        begin_event(Kind::funding_rate, time.value_or(frame.receive_time), *known, frame, out);
    event.funding_rate.rate = *rate;
    event.kind_and_presence |= presence(funding_rate::rate, funding_rate::settled);
    if (due) {
        event.funding_rate.next_funding_time = *due;
        event.set_present(funding_rate::next_funding_time);
    }
    if (const Duration covers = due && after ? *after - *due : 0;
        covers > 0 && covers <= longest_funding_interval) {
        event.funding_rate.rate_interval_hours =
            static_cast<double>(covers) / static_cast<double>(hour);
        event.set_present(funding_rate::rate_interval_hours);
    }
    if (!needs_ids()) return {};
    const std::int64_t due_millis = due.value_or(0) / millisecond;
    if (time) {
        venues::set_row_id(event, hash_text(name), known->hash, *rate,
                           static_cast<double>(due_millis));
    } else {
        venues::set_native_id(event, hash_text(name), known->hash,
                              fmt::format("{} {}", due_millis, *rate));
    }
    return {};
}

Status Okx::on_trade(ondemand::object row, const Frame& frame, Emitter& out) {
    constexpr std::string_view name = "trades";
    JsonFields fields(name, row);
    const std::string_view id = fields.text("instId");
    const Known* const known = find_decoded(id);
    if (known == nullptr) return fields.problem();
    const std::string_view native = fields.text("tradeId");
    const double price = fields.positive("px");
    const double contracts = fields.positive("sz");
    const std::string_view side = fields.text("side");
    if (side != "buy" && side != "sell") fields.refuse("side", "expected buy or sell");
    const Time time = fields.time("ts");
    if (!fields.ok()) return fields.problem();
    if (!known->contract.sized()) return size_not_known(name, id);
    const double sized = contracts * known->contract.size;
    const double quantity =
        known->contract.settlement == Settlement::inverse ? sized / price : sized;
    if (!std::isfinite(quantity)) {
        return venues::wrong_field(name, "sz", "a size that a price divides");
    }
    Event& event = begin_event(Kind::trade, time, *known, frame, out);
    event.trade.price = price;
    event.trade.quantity = quantity;
    event.trade.side = side == "buy" ? TakerSide::buy : TakerSide::sell;
    event.kind_and_presence |=
        presence(field::trade::price, field::trade::quantity, field::trade::side);
    if (needs_ids()) venues::set_native_id(event, hash_text(name), known->hash, native);
    return {};
}

}  // namespace spillway::okx
