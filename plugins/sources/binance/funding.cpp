#include <cmath>

#include "messages.hpp"

namespace spillway::binance {
namespace {

/// Hours between two settlements, if they can be neighbours: the venue settles every 1 to 8 hours,
/// a few milliseconds off.
std::optional<double> hours_between(Time earlier, Time later) {
    if (earlier == 0) return {};
    const double exact = to_seconds(later - earlier) / 3600;
    const double hours = std::round(exact);
    if (hours < 1 || hours > 8 || std::abs(exact - hours) > 1. / 60) return {};
    return hours;
}

}  // namespace

Status decode_funding_rate(ondemand::object row, const Writer& writer, Time& previous) {
    JsonFields fields("fundingRate", row);
    const std::string_view symbol = fields.text("symbol");
    const Time time = fields.time("fundingTime");
    const auto rate = fields.number("fundingRate");
    const auto mark = fields.number("markPrice");
    if (!rate) fields.refuse("fundingRate", "expected a number");
    if (!fields.ok()) return fields.problem();
    const Contract& contract = writer.contracts().find(symbol);
    const auto hours = hours_between(previous, time);
    previous = time;
    if (contract.settlement == Settlement::unknown) return {};

    Event& event = writer.emit(Kind::funding_rate, "fundingRate", contract, time, *rate);
    FundingRatePayload& payload = event.funding_rate;
    payload.rate = *rate;
    payload.settled = true;
    event.kind_and_presence |= presence(field::funding_rate::rate, field::funding_rate::settled);
    if (mark && *mark > 0) {
        payload.mark = *mark;
        event.set_present(field::funding_rate::mark);
    }
    set_if(event, field::funding_rate::rate_interval_hours, payload.rate_interval_hours, hours);
    return {};
}

Status decode_funding_info(ondemand::object row, const Writer& writer) {
    JsonFields fields("fundingInfo", row);
    const std::string_view symbol = fields.text("symbol");
    const double hours = fields.positive("fundingIntervalHours");
    if (hours > 24 * 7) fields.refuse("fundingIntervalHours", "expected hours, at most a week");
    if (!fields.ok()) return fields.problem();
    writer.contracts().set_funding_hours(symbol, hours);
    const Contract& contract = writer.contracts().find(symbol);
    if (contract.settlement == Settlement::unknown) return {};
    // The answer has no time of its own: it holds from when it was received.
    Event& event =
        writer.emit(Kind::instrument, "fundingInfo", contract, writer.frame().receive_time, hours);
    event.instrument_info.funding_interval_hours = hours;
    event.set_present(field::instrument::funding_interval_hours);
    return {};
}

}  // namespace spillway::binance
