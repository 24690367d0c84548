#include "source_tables.hpp"

#include <array>
#include <span>
#include <utility>

#include <spillway/fields.hpp>

namespace spillway::sqlite {
namespace {

/// The first price that is there: last, mark, index, oracle.
bool first_price(const Event& event, double& out) noexcept {
    using namespace field::price;
    const PricePayload& price = event.price;
    const std::pair<unsigned, double> candidates[] = {
        {last, price.last}, {mark, price.mark}, {index, price.index}, {oracle, price.oracle}};
    for (const auto& [bit, value] : candidates) {
        if (!event.has(bit)) continue;
        out = value;
        return true;
    }
    return false;
}

bool is_exchange_flow(FlowType flow) noexcept {
    return flow == FlowType::exchange_inflow || flow == FlowType::exchange_outflow ||
           flow == FlowType::exchange_transfer;
}

}  // namespace

Status SourceTables::prepare(Database& database) {
    const std::pair<std::string_view, Statement*> inserts[] = {
        {"INSERT INTO prices (time, event_id, venue, symbol, price, volume) "
         "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (time, event_id) DO NOTHING",
         &price_},
        {"INSERT INTO funding_rates (time, event_id, venue, symbol, funding_rate, mark_price, "
         "index_price, rate_interval_hours) "
         "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (time, event_id) DO NOTHING",
         &funding_rate_},
        {"INSERT INTO open_interest (time, event_id, venue, symbol, open_interest, "
         "open_interest_value) "
         "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (time, event_id) DO NOTHING",
         &open_interest_},
        {"INSERT INTO long_short_ratio (time, event_id, venue, symbol, population, long_ratio, "
         "short_ratio, long_short_ratio) "
         "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (time, event_id) DO NOTHING",
         &long_short_ratio_},
        {"INSERT INTO liquidations (time, event_id, venue, symbol, side, quantity, price, "
         "usd_value) "
         "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (time, event_id) DO NOTHING",
         &liquidation_},
        {"INSERT INTO liquidations_significant (time, event_id, exchange, symbol, side, price, "
         "quantity, value_usd, session_type, raw_data) "
         "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (time, event_id) DO NOTHING",
         &significant_},
        {"INSERT INTO stablecoin_flows (time, event_id, venue, token, flow_type, amount, "
         "from_address, to_address, is_exchange_flow, interval_seconds) "
         "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (time, event_id) DO NOTHING",
         &stablecoin_flow_},
    };
    for (const auto& [sql, statement] : inserts) {
        if (Status status = database.prepare(sql, *statement); !status) return status;
    }
    return {};
}

Statement& SourceTables::begin(Statement& insert, const Event& event) {
    return insert.integer(event.event_time)
        .id(event.id)
        .text(text_of(event.venue))
        .text(event.instrument != InstrumentId::none ? symbols_.of(event.instrument)
                                                     : text_of(event.market));
}

Outcome SourceTables::price(const Event& event) {
    double value = 0;
    if (!first_price(event, value)) return Outcome::refused;
    return begin(price_, event)
        .number(value)
        .number_if(event.has(field::price::volume_usd), event.price.volume_usd)
        .run();
}

Outcome SourceTables::bar(const Event& event) {
    if (!event.has(field::bar::close)) return Outcome::refused;
    return begin(price_, event)
        .number(event.bar.close)
        .number_if(event.has(field::bar::volume_usd), event.bar.volume_usd)
        .run();
}

Outcome SourceTables::funding_rate(const Event& event) {
    namespace present = field::funding_rate;
    const FundingRatePayload& funding = event.funding_rate;
    if (!event.has(present::rate)) return Outcome::refused;
    return begin(funding_rate_, event)
        .number(funding.rate)
        .number_if(event.has(present::mark), funding.mark)
        .number_if(event.has(present::index), funding.index)
        .number_if(event.has(present::rate_interval_hours), funding.rate_interval_hours)
        .run();
}

Outcome SourceTables::open_interest(const Event& event) {
    namespace present = field::open_interest;
    // Contracts alone say nothing without the contract's size.
    if (!event.has(present::base) && !event.has(present::notional)) return Outcome::refused;
    return begin(open_interest_, event)
        .number_if(event.has(present::base), event.open_interest.base)
        .number_if(event.has(present::notional), event.open_interest.notional)
        .run();
}

Outcome SourceTables::long_short_ratio(const Event& event) {
    namespace present = field::long_short_ratio;
    const LongShortRatioPayload& payload = event.long_short_ratio;
    if (!event.has(present::ratio)) return Outcome::refused;
    const double r = payload.ratio;
    return begin(long_short_ratio_, event)
        .text_if(event.has(present::population), name_in(population_names, payload.population))
        .number_if(r >= 0, r / (1 + r))
        .number_if(r >= 0, 1 / (1 + r))
        .number(r)
        .run();
}

Outcome SourceTables::liquidation(const Event& event, const Batch& batch) {
    namespace present = field::liquidation;
    const LiquidationPayload& order = event.liquidation;
    if (!event.has(present::side)) return Outcome::refused;
    const Outcome outcome = begin(liquidation_, event)
                                .text(side_text(order.side))
                                .number_if(event.has(present::quantity), order.quantity)
                                .number_if(event.has(present::price), order.price)
                                .number_if(event.has(present::notional), order.notional)
                                .run();
    const bool large = event.has(present::notional) && order.notional >= significant_usd_;
    return outcome == Outcome::stored && large ? significant(event, batch) : outcome;
}

Outcome SourceTables::significant(const Event& event, const Batch& batch) {
    namespace present = field::liquidation;
    const LiquidationPayload& order = event.liquidation;
    const Outcome outcome = begin(significant_, event)
                                .text(side_text(order.side))
                                .number_if(event.has(present::price), order.price)
                                .number_if(event.has(present::quantity), order.quantity)
                                .number(order.notional)
                                .text(session_type(event.event_time))
                                .text_if(event.has(present::raw), batch.raw(event))
                                .run();
    return outcome == Outcome::stored ? labels_.row_arrived(event) : outcome;
}

Outcome SourceTables::stablecoin_flow(const Event& event, const Batch& batch) {
    namespace present = field::stablecoin_flow;
    const StablecoinFlowPayload& payload = event.stablecoin_flow;
    if (!event.has(present::flow) || !event.has(present::amount) ||
        payload.flow == FlowType::supply) {
        return Outcome::refused;
    }
    const bool sum = event.has(present::interval) && payload.interval > 0;
    return stablecoin_flow_.integer(event.event_time)
        .id(event.id)
        .text(text_of(event.venue))
        .text(text_of(payload.token))
        .text(name_in(flow_type_names, payload.flow))
        .number(payload.amount)
        .text_if(event.has(present::from), batch.text(event, payload.from))
        .text_if(event.has(present::to), batch.text(event, payload.to))
        .boolean(is_exchange_flow(payload.flow))
        .number_if(sum, to_seconds(payload.interval))
        .run();
}

}  // namespace spillway::sqlite
