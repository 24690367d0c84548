#include "window.hpp"

#include <algorithm>
#include <cmath>

namespace spillway::cascades {

void Window::add(const Liquidation& event) {
    auto place = events_.end();
    while (place != events_.begin() && earlier(event, *std::prev(place))) --place;
    events_.insert(place, event);
    count(event, Change::add);
}

void Window::drop_until(Time oldest) {
    while (!events_.empty() && events_.front().time <= oldest) {
        count(events_.front(), Change::remove);
        events_.pop_front();
    }
}

void Window::drop_side(Side side) {
    for (const Liquidation& event : events_) {
        if (event.side == side) count(event, Change::remove);
    }
    std::erase_if(events_, [side](const Liquidation& event) { return event.side == side; });
}

void Window::count(const Liquidation& event, Change change) {
    const bool adding = change == Change::add;
    const auto step = [adding](std::uint32_t& counter) { adding ? ++counter : --counter; };

    Totals& totals = totals_[index_of(event.side)];
    step(totals.count);
    if (event.has_notional) {
        totals.notional += adding ? event.notional : -event.notional;
        if (to_usd(event.notional) >= large_order) step(large_);
    }

    if (by_venue_.size() <= event.venue) by_venue_.resize(event.venue + 1U, 0);
    std::uint32_t& at_venue = by_venue_[event.venue];
    const bool was_there = at_venue != 0;
    step(at_venue);
    if (was_there != (at_venue != 0)) step(venues_);

    if (!event.has_price) return;
    if (priced_ == 0) {
        reference_price_ = event.price;
        deviation_sum_ = deviation_squares_ = 0;
    }
    step(priced_);
    const double deviation = event.price - reference_price_;
    deviation_sum_ += adding ? deviation : -deviation;
    deviation_squares_ += adding ? deviation * deviation : -deviation * deviation;
}

RiskInput Window::risk_input() const noexcept {
    RiskInput input;
    if (events_.empty()) return input;
    const Totals& longs = of(Side::long_position);
    const Totals& shorts = of(Side::short_position);
    input.longs = longs.count;
    input.shorts = shorts.count;
    input.events = longs.count + shorts.count;
    input.notional = to_usd(longs.notional + shorts.notional);
    input.large = large_;
    input.venues = venues_;
    input.span_seconds = to_seconds(events_.back().time - events_.front().time);
    input.priced = priced_;
    if (priced_ != 0) {
        const double mean = deviation_sum_ / priced_;
        input.mean_price = reference_price_ + mean;
        input.price_deviation =
            priced_ == 1 ? 0 : std::sqrt(std::max(0.0, deviation_squares_ / priced_ - mean * mean));
    }
    return input;
}

}  // namespace spillway::cascades
