#include "events.hpp"

#include <array>

#include <fmt/format.h>

#include <spillway/fields.hpp>

namespace spillway::replay {
namespace {

constexpr double hour_ms = 3'600'000;

Status missing(std::string_view field) {
    return bad_record(fmt::format("{}: missing", field), field);
}
Status missing(Number key) { return missing(name_of(key)); }

Status unknown(std::string_view field, std::string_view value, std::string_view expected) {
    return bad_record(fmt::format("{}: unknown value '{}'; expected {}", field, value, expected),
                      field);
}

void put(Event& event, unsigned field, double& slot, const Record& record, Number key) {
    if (!record.has(key)) return;
    slot = record[key];
    event.set_present(field);
}

void put(Event& event, unsigned field, std::uint64_t& slot, const Record& record, Number key) {
    if (!record.has(key)) return;
    slot = static_cast<std::uint64_t>(record[key]);
    event.set_present(field);
}

/// `interval_ms`, the spacing of the rows of this stream.
void put_interval(Event& event, unsigned field, Duration& slot, const Record& record) {
    if (!record.has(Number::interval_ms)) return;
    slot = static_cast<Duration>(record[Number::interval_ms] * static_cast<double>(millisecond));
    event.set_present(field);
}

/// On-chain records hold every call; Binance sends at most one order per contract and second.
Completeness completeness_of(std::string_view venue) {
    if (venue.starts_with("aave_")) return Completeness::complete;
    if (venue == "binance") return Completeness::sampled;
    return Completeness::unknown;
}

PriceKind price_kind_of(const Record& record) {
    if (record.venue.starts_with("aave_")) return PriceKind::oracle;
    if (record.px == "limit") return PriceKind::limit;
    if (record.px == "bankruptcy") return PriceKind::bankruptcy;
    return PriceKind::fill;
}

}  // namespace

Status EventMaker::emit(const Record& record, std::string_view line, Time receive_time,
                        const Id& id, SourceOutput& out) {
    line_ = line;
    receive_time_ = receive_time;
    id_ = id;
    emitted_ = 0;
    venue_ = venues_(record.venue);
    const bool flow = record.kind == "stablecoin_flow";
    instrument_ = flow ? InstrumentId::none : instruments_(record.symbol);
    if (venue_ == VenueId::none || (!flow && instrument_ == InstrumentId::none)) {
        return bad_record("too many different venues or symbols in this process");
    }
    if (record.kind == "price") return price(record, out);
    if (record.kind == "funding") return funding(record, out);
    if (record.kind == "open_interest") return open_interest(record, out);
    if (record.kind == "long_short_ratio") return long_short_ratio(record, out);
    if (record.kind == "liquidation") {
        return record.side.empty() ? liquidation_sum(record, out) : liquidation(record, out);
    }
    if (record.kind == "liquidation_batch") return liquidation_batch(record, out);
    if (flow) return stablecoin_flow(record, out);
    return unknown("kind", record.kind,
                   "price, funding, open_interest, long_short_ratio, liquidation, "
                   "liquidation_batch or stablecoin_flow");
}

Event& EventMaker::begin(Kind kind, const Record& record, SourceOutput& out) {
    Event& event = out.emit(kind, receive_time_);
    event.event_time = record.time;
    event.venue = venue_;
    event.instrument = instrument_;
    if (id_) {
        const std::array<std::uint64_t, 3> key = {id_.high, id_.low, emitted_++};
        event.id = hash_id(key.data(), sizeof(key));
    }
    return event;
}

Status EventMaker::price(const Record& record, SourceOutput& out) {
    if (!record.has(Number::price)) return missing(Number::price);
    const bool is_bar = record.has(Number::interval_ms);
    Event& event = begin(is_bar ? Kind::bar : Kind::price, record, out);
    if (record.has(Number::derived) && record[Number::derived] > 0) event.flags |= flag_estimate;
    if (!is_bar) {
        put(event, field::price::last, event.price.last, record, Number::price);
        return {};
    }
    put(event, field::bar::open, event.bar.open, record, Number::open);
    put(event, field::bar::high, event.bar.high, record, Number::high);
    put(event, field::bar::low, event.bar.low, record, Number::low);
    put(event, field::bar::close, event.bar.close, record, Number::price);
    put(event, field::bar::volume_usd, event.bar.volume_usd, record, Number::volume_usd);
    put(event, field::bar::volume_base, event.bar.volume_base, record, Number::volume_base);
    put_interval(event, field::bar::interval, event.bar.interval, record);
    return {};
}

Status EventMaker::funding(const Record& record, SourceOutput& out) {
    if (!record.has(Number::rate)) return missing(Number::rate);
    Event& event = begin(Kind::funding_rate, record, out);
    FundingRatePayload& funding = event.funding_rate;
    put(event, field::funding_rate::rate, funding.rate, record, Number::rate);
    put(event, field::funding_rate::rate_interval_hours, funding.rate_interval_hours, record,
        Number::rate_interval_ms);
    funding.rate_interval_hours /= hour_ms;
    put_interval(event, field::funding_rate::interval, funding.interval, record);
    return {};
}

Status EventMaker::open_interest(const Record& record, SourceOutput& out) {
    if (!record.has(Number::oi_usd) && !record.has(Number::oi_base)) {
        return missing("oi_usd and oi_base");
    }
    Event& event = begin(Kind::open_interest, record, out);
    OpenInterestPayload& interest = event.open_interest;
    put(event, field::open_interest::base, interest.base, record, Number::oi_base);
    put(event, field::open_interest::notional, interest.notional, record, Number::oi_usd);
    put_interval(event, field::open_interest::interval, interest.interval, record);
    return {};
}

Status EventMaker::long_short_ratio(const Record& record, SourceOutput& out) {
    if (!record.has(Number::ratio)) return missing(Number::ratio);
    std::size_t population = 0;
    while (population < population_names.size() && population_names[population] != record.scope) {
        ++population;
    }
    if (population == population_names.size()) {
        return unknown("scope", record.scope, "global_account, top_account or top_position");
    }
    Event& event = begin(Kind::long_short_ratio, record, out);
    LongShortRatioPayload& ratio = event.long_short_ratio;
    put(event, field::long_short_ratio::ratio, ratio.ratio, record, Number::ratio);
    ratio.population = static_cast<Population>(population);
    event.set_present(field::long_short_ratio::population);
    put_interval(event, field::long_short_ratio::interval, ratio.interval, record);
    return {};
}

Status EventMaker::liquidation(const Record& record, SourceOutput& out) {
    const bool priced = record.has(Number::price) && record.has(Number::qty);
    if (!priced && !record.has(Number::usd)) return missing("usd, or price and qty");
    if (record.side != "long" && record.side != "short") {
        return unknown("side", record.side, "long or short");
    }
    Event& event = begin(Kind::liquidation, record, out);
    LiquidationPayload& order = event.liquidation;
    put(event, field::liquidation::price, order.price, record, Number::price);
    put(event, field::liquidation::quantity, order.quantity, record, Number::qty);
    order.notional = record.has(Number::usd) ? record[Number::usd] : order.price * order.quantity;
    order.side = record.side == "long" ? Side::long_position : Side::short_position;
    order.completeness = completeness_of(record.venue);
    event.set_present(field::liquidation::notional);
    event.set_present(field::liquidation::side);
    event.set_present(field::liquidation::completeness);
    if (record.has(Number::price)) {
        order.price_kind = price_kind_of(record);
        event.set_present(field::liquidation::price_kind);
    }
    order.raw = out.events->add_text(event, line_);
    event.set_present(field::liquidation::raw);
    return {};
}

Status EventMaker::liquidation_sum(const Record& record, SourceOutput& out) {
    for (const Number key : {Number::long_usd, Number::short_usd, Number::interval_ms}) {
        if (!record.has(key)) {
            return bad_record(fmt::format("{}: missing; one order has 'side', a sum has long_usd, "
                                          "short_usd and interval_ms",
                                          name_of(key)),
                              name_of(key));
        }
    }
    Event& event = begin(Kind::liquidation_sum, record, out);
    LiquidationSumPayload& sum = event.liquidation_sum;
    namespace bits = field::liquidation_sum;
    put(event, bits::long_notional, sum.long_notional, record, Number::long_usd);
    put(event, bits::short_notional, sum.short_notional, record, Number::short_usd);
    put(event, bits::long_count, sum.long_count, record, Number::long_count);
    put(event, bits::short_count, sum.short_count, record, Number::short_count);
    put_interval(event, bits::interval, sum.interval, record);
    return {};
}

/// A sum of orders of both sides: the side it is written under says nothing and is left out.
Status EventMaker::liquidation_batch(const Record& record, SourceOutput& out) {
    for (const Number key : {Number::usd, Number::n}) {
        if (!record.has(key)) return missing(key);
    }
    std::array<ExtensionField, 3> fields{};
    std::uint32_t count = 0;
    for (const Number key : {Number::usd, Number::n, Number::funding_pct}) {
        if (!record.has(key)) continue;
        fields[count++] = {
            .name = names_(name_of(key)), .text = NameId::none, .value = record[key]};
    }
    Event& event = begin(Kind::extension, record, out);
    event.extension.name = names_("liquidation_batch");
    event.extension.fields = count;
    event.set_present(field::extension::name);
    std::byte* const blob = out.events->extend_blob(event, count * sizeof(ExtensionField));
    std::memcpy(blob, fields.data(), count * sizeof(ExtensionField));
    return {};
}

Status EventMaker::stablecoin_flow(const Record& record, SourceOutput& out) {
    struct Part {
        Number key;
        FlowType flow;
    };
    constexpr std::array<Part, 3> parts = {{{Number::inflow_usd, FlowType::exchange_inflow},
                                            {Number::outflow_usd, FlowType::exchange_outflow},
                                            {Number::supply_usd, FlowType::supply}}};
    const NameId token = names_(record.symbol);
    if (token == NameId::none) return bad_record("too many different names in this process");
    bool found = false;
    for (const Part& part : parts) {
        if (!record.has(part.key)) continue;
        found = true;
        Event& event = begin(Kind::stablecoin_flow, record, out);
        event.market = market_wide();
        StablecoinFlowPayload& flow = event.stablecoin_flow;
        put(event, field::stablecoin_flow::amount, flow.amount, record, part.key);
        flow.token = token;
        flow.flow = part.flow;
        event.set_present(field::stablecoin_flow::token);
        event.set_present(field::stablecoin_flow::flow);
        put_interval(event, field::stablecoin_flow::interval, flow.interval, record);
    }
    return found ? Status() : missing("inflow_usd, outflow_usd and supply_usd");
}

}  // namespace spillway::replay
