#include "velocity.hpp"

#include <algorithm>
#include <tuple>

namespace spillway::cascades {

namespace {

/// The longest window and the one before it.
constexpr Duration horizon = 2 * velocity_windows.back();

}  // namespace

void VelocitySeries::add(Time time, MicroUsd notional) {
    const auto amount = static_cast<std::uint64_t>(notional);
    auto place = points_.end();
    while (place != points_.begin() && time < std::prev(place)->time) --place;
    const std::uint64_t before = place == points_.begin() ? base_ : std::prev(place)->total;
    place = points_.insert(place, {time, before + amount});
    for (++place; place != points_.end(); ++place) place->total += amount;
}

void VelocitySeries::drop_before(Time now) {
    while (!points_.empty() && points_.front().time <= now - horizon) {
        base_ = points_.front().total;
        points_.pop_front();
    }
}

std::pair<std::size_t, std::uint64_t> VelocitySeries::until(Time time) const noexcept {
    const auto after = std::upper_bound(points_.begin(), points_.end(), time,
                                        [](Time t, const Point& point) { return t < point.time; });
    if (after == points_.begin()) return {0, base_};
    return {static_cast<std::size_t>(after - points_.begin()), std::prev(after)->total};
}

Rates VelocitySeries::rates(Time now) const noexcept {
    Rates rates;
    const auto [count, total] = until(now);
    for (std::size_t i = 0; i < rates.size(); ++i) {
        const Duration width = velocity_windows[i];
        const double seconds = to_seconds(width);
        const auto [count_1, total_1] = until(now - width);
        const auto [count_2, total_2] = until(now - 2 * width);
        const auto usd = [](std::uint64_t from, std::uint64_t to) {
            return to_usd(static_cast<MicroUsd>(to - from));
        };
        const double events_before = static_cast<double>(count_1 - count_2) / seconds;
        const double usd_before = usd(total_2, total_1) / seconds;
        rates[i].events = static_cast<double>(count - count_1) / seconds;
        rates[i].usd = usd(total_1, total) / seconds;
        rates[i].events_change = (rates[i].events - events_before) / seconds;
        rates[i].usd_change = (rates[i].usd - usd_before) / seconds;
    }
    return rates;
}

void Velocity::add(const Liquidation& event) {
    if (newest_ != time_before_all && event.time <= newest_ - horizon) return;
    newest_ = std::max(newest_, event.time);
    if (series_.size() <= event.venue) series_.resize(event.venue + 1U);
    VelocitySeries& series = series_[event.venue][index_of(event.side)];
    series.add(event.time, event.has_notional ? event.notional : 0);
    // Its own series, and one other in turn: one that has fallen silent is trimmed too.
    series.drop_before(newest_);
    turn_ = (turn_ + 1) % static_cast<std::uint32_t>(2 * series_.size());
    series_[turn_ / 2][turn_ % 2].drop_before(newest_);
}

Rates Velocity::rates(std::size_t venue, Side side) const noexcept {
    return venue < series_.size() ? series_[venue][index_of(side)].rates(newest_) : Rates{};
}

std::optional<std::size_t> Velocity::leading(const NameTable& names) const {
    std::optional<std::size_t> leader;
    Rate best;
    for (std::size_t venue = 0; venue < series_.size(); ++venue) {
        Rate rate;
        for (const VelocitySeries& side : series_[venue]) {
            const Rate own = side.rates(newest_)[leading_window];
            rate.events += own.events;
            rate.usd += own.usd;
        }
        if (rate.events <= 0) continue;
        const auto mine = std::tie(rate.usd, rate.events);
        const auto others = std::tie(best.usd, best.events);
        const bool leads =
            !leader || mine > others || (mine == others && names[venue] < names[*leader]);
        if (!leads) continue;
        leader = venue;
        best = rate;
    }
    return leader;
}

}  // namespace spillway::cascades
