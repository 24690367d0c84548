#include "plugin.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace spillway::my_plugin {
namespace {

constexpr double negligible = 1;       // USD; less is forgotten
constexpr double full_funding = .001;  // 0.1 % in 8 hours is worth all points

}  // namespace

Status MyPlugin::check() {
    keep_ = std::exp2(-to_seconds(minute) / to_seconds(options.half_life));
    warming_up_ = name_id("warming_up");
    no_funding_ = name_id("no_fresh_funding_rate");
    return {};
}

/// All that time alone brings, up to `now`. Records at a close belong to it. What has come is not
/// due any more, or the engine would call again for ever.
void MyPlugin::advance(Market& market, Time now) const {
    if (now >= market.warm_at) {
        market.warm = true;
        market.warm_at = time_never;
    }
    if (market.funding_at != time_before_all && now > market.funding_at + options.max_age) {
        market.funding_at = time_before_all;
    }
    while (market.next_close < now) {
        market.long_notional *= keep_;
        market.short_notional *= keep_;
        market.next_close += minute;
        if (market.long_notional + market.short_notional < negligible) {
            market.long_notional = market.short_notional = 0;
            market.next_close = time_never;
        }
    }
}

Status MyPlugin::observe(Market& market, const Event& event, const Batch&) const {
    const Time now = event.receive_time;
    if (event.kind() == Kind::funding_rate) {
        if (!event.has(field::funding_rate::rate) || !std::isfinite(event.funding_rate.rate)) {
            return bad_record("has no rate", "rate");
        }
        const double hours = event.has(field::funding_rate::rate_interval_hours)
                                 ? event.funding_rate.rate_interval_hours
                                 : 8;
        if (!(hours > 0)) return bad_record("is not above 0", "rate_interval_hours");
        market.funding = event.funding_rate.rate * 8 / hours;
        market.funding_at = now;
    } else {
        const LiquidationPayload& liquidation = event.liquidation;
        if (!event.has(field::liquidation::side)) return bad_record("has no side", "side");
        if (!event.has(field::liquidation::notional) || !(liquidation.notional >= 0) ||
            !std::isfinite(liquidation.notional)) {
            return bad_record("is missing or negative", "notional");
        }
        (liquidation.side == Side::long_position ? market.long_notional : market.short_notional) +=
            liquidation.notional;
        if (market.next_close == time_never) market.next_close = floor_to(now - 1, minute) + minute;
    }
    // One half-life after the first record there is enough to compare with.
    if (!market.warm && market.warm_at == time_never) market.warm_at = now + options.half_life;
    return {};
}

/// When the score can change although nothing arrives.
Time MyPlugin::next_due(const Market& market) const {
    Time due = market.warm_at;
    if (market.next_close != time_never) due = std::min(due, market.next_close + 1);
    if (market.funding_at != time_before_all) {
        due = std::min(due, market.funding_at + options.max_age + 1);
    }
    return due;
}

auto MyPlugin::assess(const Market& market, Time now, std::size_t, Direction direction) const
    -> Assessment<Context> {
    Assessment<Context> found;
    found.ready = market.warm;
    found.warming_up = !found.ready;
    found.reason = warming_up_;
    found.at_close = true;

    const bool down = direction == Direction::down;  // a falling price liquidates longs
    ComponentValue& liquidations = found.components[0];
    liquidations.cap = components[0].cap;
    liquidations.raw = down ? market.long_notional : market.short_notional;
    liquidations.has_raw = true;
    liquidations.points = liquidations.cap * std::min(1.0, liquidations.raw / options.scale);

    ComponentValue& funding = found.components[1];
    funding.cap = components[1].cap;
    if (market.funding_at == time_before_all) {
        funding.missing = true;
        funding.reason = no_funding_;
        return found;
    }
    funding.raw = market.funding;
    funding.has_raw = true;
    funding.age = now - market.funding_at;
    // Longs that pay much are crowded: a fall would force them out. And the other way round.
    const double crowded = (down ? 1 : -1) * market.funding / full_funding;
    funding.points = funding.cap * std::clamp(crowded, 0.0, 1.0);
    return found;
}

double MyPlugin::combine(const Context&, std::span<const double> points, std::size_t) const {
    return std::clamp(std::accumulate(points.begin(), points.end(), 0.0), 0.0, 100.0);
}

}  // namespace spillway::my_plugin

SPILLWAY_PLUGIN(spillway::my_plugin::MyPlugin)
