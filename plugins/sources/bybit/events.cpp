#include <optional>

#include <spillway/fields.hpp>

#include "common/venues/ids.hpp"
#include "plugin.hpp"

namespace spillway::bybit {

using venues::presence;

void learn_sides(const TickerValues& values, Known& known) noexcept {
    using enum TickerField;
    if (!values.has(open_interest) || !values.has(single_open_interest)) return;
    if (values[single_open_interest] <= 0) return;
    known.interest_sides = values[open_interest] > 1.5 * values[single_open_interest] ? 2 : 1;
}

Event& Bybit::begin(Kind kind, Time time, const Known& known, const Frame& frame, Emitter& out) {
    Event& event = out.emit(kind);
    event.event_time = time;
    event.venue = frame.venue;
    event.instrument = known.instrument;
    return event;
}

void Bybit::emit_price(const TickerState& ticker, Time time, const Known& known, const Frame& frame,
                       Emitter& out) {
    using enum TickerField;
    Event& event = begin(Kind::price, time, known, frame, out);
    const auto take = [&](TickerField from, double& to, unsigned field) {
        if (!ticker.has(from)) return;
        to = ticker[from];
        event.set_present(field);
    };
    PricePayload& price = event.price;
    take(last_price, price.last, field::price::last);
    take(mark_price, price.mark, field::price::mark);
    take(index_price, price.index, field::price::index);
    const bool inverse = known.contract.settlement == Settlement::inverse;
    take(inverse ? volume_24h : turnover_24h, price.volume_usd, field::price::volume_usd);
    if (needs_ids()) {
        venues::set_row_id(event, hash_text("tickers"), known.hash, price.last, price.mark,
                           price.index);
    }
}

void Bybit::emit_interest(const TickerState& ticker, Time time, const Known& known,
                          const Frame& frame, Emitter& out) {
    using enum TickerField;
    const auto one_sided = [&](TickerField single, TickerField both) -> std::optional<double> {
        if (ticker.has(single)) return ticker[single];
        if (ticker.has(both)) return ticker[both] / known.interest_sides;
        return std::nullopt;
    };
    const auto size = one_sided(single_open_interest, open_interest);
    if (!size) return;
    emit_interest(*size, one_sided(single_open_interest_value, open_interest_value), 0, time, known,
                  frame, out);
}

/// `size` is coins, of inverse contracts their number (1 USD each); `value` is the other way round.
void Bybit::emit_interest(double size, std::optional<double> value, Duration interval, Time time,
                          const Known& known, const Frame& frame, Emitter& out) {
    using namespace field;
    Event& event = begin(Kind::open_interest, time, known, frame, out);
    OpenInterestPayload& interest = event.open_interest;
    if (known.contract.settlement == Settlement::inverse) {
        interest.contracts = size;
        interest.notional = size;
        event.kind_and_presence |= presence(open_interest::contracts, open_interest::notional);
        if (value) {
            interest.base = *value;
            event.set_present(open_interest::base);
        }
    } else {
        interest.base = size;
        event.set_present(open_interest::base);
        if (value) {
            interest.notional = *value;
            event.set_present(open_interest::notional);
        }
    }
    if (interval > 0) {
        interest.interval = interval;
        event.set_present(open_interest::interval);
    }
    if (needs_ids()) {
        venues::set_row_id(event, hash_text("open-interest"), known.hash, size, value.value_or(0));
    }
}

void Bybit::emit_funding(const TickerState& ticker, Time time, const Known& known,
                         const Frame& frame, Emitter& out) {
    using enum TickerField;
    using namespace field;
    // Dated contracts have none.
    if (!known.contract.perpetual || !ticker.has(TickerField::funding_rate)) return;
    Event& event = begin(Kind::funding_rate, time, known, frame, out);
    FundingRatePayload& funding = event.funding_rate;
    funding.rate = ticker[TickerField::funding_rate];
    event.kind_and_presence |= presence(field::funding_rate::rate, field::funding_rate::settled);
    if (known.funding_hours > 0) {
        funding.rate_interval_hours = known.funding_hours;
        event.set_present(field::funding_rate::rate_interval_hours);
    }
    if (ticker.has(mark_price)) {
        funding.mark = ticker[mark_price];
        event.set_present(field::funding_rate::mark);
    }
    if (ticker.has(index_price)) {
        funding.index = ticker[index_price];
        event.set_present(field::funding_rate::index);
    }
    double next_millis = 0;
    if (ticker.has(next_funding_time)) {
        next_millis = ticker[next_funding_time];
        funding.next_funding_time = static_cast<Time>(next_millis) * millisecond;
        event.set_present(field::funding_rate::next_funding_time);
    }
    if (needs_ids()) {
        venues::set_row_id(event, hash_text("tickers"), known.hash, funding.rate, next_millis);
    }
}

}  // namespace spillway::bybit
