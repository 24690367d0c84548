#include <string>

#include "messages.hpp"

namespace spillway::binance {
namespace {

/// The contract of a row: USD-M rows name the symbol, COIN-M rows the pair. Dated COIN-M contracts
/// of such rows cannot be told apart: which one "CURRENT_QUARTER" meant then is nowhere said.
const Contract* find_contract(JsonFields& fields, const Channel& channel, Contracts& contracts) {
    if (const auto symbol = fields.text_if_any("symbol")) return &contracts.find(*symbol);
    const auto pair = fields.text_if_any("pair");
    if (!pair || pair->empty()) {
        fields.refuse("symbol", "neither 'symbol' nor 'pair'");
        return nullptr;
    }
    const auto named = fields.text_if_any("contractType");
    const std::string_view type = named ? *named : channel.parameter("contractType");
    if (!type.empty() && type != "PERPETUAL" && type != "ALL") {
        fields.refuse("contractType", std::string(type) + " names no contract; poll PERPETUAL");
        return nullptr;
    }
    return &contracts.perpetual_of(*pair);
}

void set_interval(Event& event, unsigned field, Duration& place, Duration period) {
    if (period == 0) return;
    place = period;
    event.set_present(field);
}

void put(Event& event, const Contract& contract, double amount) {
    OpenInterestPayload& payload = event.open_interest;
    if (contract.settlement == Settlement::inverse) {
        payload.contracts = amount;
        payload.notional = amount * contract.contract_size;
        event.kind_and_presence |=
            presence(field::open_interest::contracts, field::open_interest::notional);
    } else {
        payload.base = amount;
        event.set_present(field::open_interest::base);
    }
}

}  // namespace

Status decode_open_interest(ondemand::object row, const Writer& writer) {
    JsonFields fields("openInterest", row);
    const std::string_view symbol = fields.text("symbol");
    const double amount = fields.not_negative("openInterest");
    // Recorders that poll have left the time out: then it holds from when it was received.
    const bool has_time = fields.value("time").has_value();
    const Time time = has_time ? fields.time("time") : writer.frame().receive_time;
    if (!fields.ok()) return fields.problem();
    const Contract& contract = writer.contracts().find(symbol);
    if (contract.settlement == Settlement::unknown) return {};
    put(writer.emit(Kind::open_interest, "openInterest", contract, time, amount), contract, amount);
    return {};
}

Status decode_open_interest_history(ondemand::object row, const Channel& channel,
                                    const Writer& writer) {
    JsonFields fields("openInterestHist", row);
    const Contract* const contract = find_contract(fields, channel, writer.contracts());
    const Time time = fields.time("timestamp");
    const double amount = fields.not_negative("sumOpenInterest");
    const double value = fields.not_negative("sumOpenInterestValue");
    if (!fields.ok()) return fields.problem();
    if (contract->settlement == Settlement::unknown) return {};
    const Duration period = channel.period();
    Event& event = writer.emit(Kind::open_interest, "openInterestHist", *contract, time, amount,
                               value, period);
    OpenInterestPayload& payload = event.open_interest;
    put(event, *contract, amount);
    // The value is in dollars on USD-M, in coins on COIN-M.
    if (contract->settlement == Settlement::inverse) {
        payload.base = value;
        event.set_present(field::open_interest::base);
    } else {
        payload.notional = value;
        event.set_present(field::open_interest::notional);
    }
    set_interval(event, field::open_interest::interval, payload.interval, period);
    return {};
}

Status decode_long_short_ratio(ondemand::object row, const Channel& channel, Population population,
                               const Writer& writer) {
    JsonFields fields("longShortRatio", row);
    const Contract* const contract = find_contract(fields, channel, writer.contracts());
    const Time time = fields.time("timestamp");
    // Shares of accounts; of positions under the same keys, or as `longPosition` on COIN-M.
    const auto position = fields.value("longPosition");
    const std::string_view long_key = position ? "longPosition" : "longAccount";
    const std::string_view short_key = position ? "shortPosition" : "shortAccount";
    const auto longs = position ? fields.number(long_key, position) : fields.number(long_key);
    const auto shorts = fields.number(short_key);
    if (!longs || !(*longs >= 0)) fields.refuse(long_key, "expected a share of 0 or more");
    if (!shorts || !(*shorts > 0)) fields.refuse(short_key, "expected a share above 0");
    if (!fields.ok()) return fields.problem();
    if (contract->settlement == Settlement::unknown) return {};
    const Duration period = channel.period();
    Event& event = writer.emit(Kind::long_short_ratio, "longShortRatio", *contract, time,
                               population, period, *longs, *shorts);
    // Shares have four digits and so has `longShortRatio`; in the documented example it contradicts
    // them, so the shares decide.
    event.long_short_ratio.ratio = *longs / *shorts;
    event.long_short_ratio.population = population;
    event.kind_and_presence |=
        presence(field::long_short_ratio::ratio, field::long_short_ratio::population);
    set_interval(event, field::long_short_ratio::interval, event.long_short_ratio.interval, period);
    return {};
}

}  // namespace spillway::binance
