#include "messages.hpp"

namespace spillway::binance {
namespace {

/// What a mark price tells, by stream or by poll.
struct MarkPrice {
    Time time = 0;
    double mark = 0;
    std::optional<double> index, rate;
    std::optional<Time> next_funding;
};

/// A price, and for perpetuals the running funding rate.
void emit(std::string_view channel, const Contract& contract, const MarkPrice& record,
          const Writer& writer) {
    const double rate = record.rate.value_or(0);
    std::optional<double> index;
    if (record.index && *record.index > 0) index = *record.index;

    Event& price =
        writer.emit(Kind::price, channel, contract, record.time, record.mark, rate, Kind::price);
    price.price.mark = record.mark;
    price.set_present(field::price::mark);
    set_if(price, field::price::index, price.price.index, index);
    if (!contract.perpetual || !record.rate) return;

    Event& funding = writer.emit(Kind::funding_rate, channel, contract, record.time, record.mark,
                                 rate, Kind::funding_rate);
    FundingRatePayload& payload = funding.funding_rate;
    payload.rate = rate;
    payload.mark = record.mark;
    payload.settled = false;
    funding.kind_and_presence |= presence(field::funding_rate::rate, field::funding_rate::mark,
                                          field::funding_rate::settled);
    set_if(funding, field::funding_rate::index, payload.index, index);
    set_if(funding, field::funding_rate::next_funding_time, payload.next_funding_time,
           record.next_funding);
    if (contract.funding_hours > 0) {
        payload.rate_interval_hours = contract.funding_hours;
        funding.set_present(field::funding_rate::rate_interval_hours);
    }
}

}  // namespace

Status decode_mark_price(ondemand::object message, const Writer& writer) {
    JsonFields fields("markPriceUpdate", message);
    MarkPrice record;
    record.time = fields.time("E");
    const std::string_view symbol = fields.text("s");
    record.mark = fields.positive("p");
    record.index = fields.number("i");
    record.rate = fields.number("r");
    record.next_funding = fields.time_if_any("T");
    if (!fields.ok()) return fields.problem();
    const Contract& contract = writer.contracts().find(symbol);
    if (contract.settlement != Settlement::unknown) emit("markPrice", contract, record, writer);
    return {};
}

Status decode_index_price(ondemand::object message, const Writer& writer) {
    JsonFields fields("indexPriceUpdate", message);
    const Time time = fields.time("E");
    // Index prices are of a pair, BTCUSD: told of its perpetual.
    const std::string_view pair = fields.text("i");
    const double index = fields.positive("p");
    if (!fields.ok()) return fields.problem();
    const Contract& contract = writer.contracts().perpetual_of(pair);
    if (contract.settlement == Settlement::unknown) return {};
    Event& event = writer.emit(Kind::price, "indexPrice", contract, time, index);
    event.price.index = index;
    event.set_present(field::price::index);
    return {};
}

Status decode_premium_index(ondemand::object row, const Writer& writer) {
    JsonFields fields("premiumIndex", row);
    MarkPrice record;
    record.time = fields.time("time");
    const std::string_view symbol = fields.text("symbol");
    record.mark = fields.positive("markPrice");
    record.index = fields.number("indexPrice");
    record.rate = fields.number("lastFundingRate");
    record.next_funding = fields.time_if_any("nextFundingTime");
    if (!fields.ok()) return fields.problem();
    const Contract& contract = writer.contracts().find(symbol);
    if (contract.settlement != Settlement::unknown) emit("premiumIndex", contract, record, writer);
    return {};
}

}  // namespace spillway::binance
