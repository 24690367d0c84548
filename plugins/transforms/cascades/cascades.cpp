#include <cmath>

#include <spillway/fields.hpp>

#include "plugin.hpp"

namespace spillway::cascades {

namespace {

/// A liquidation as the rule takes it, or why nobody can.
Result<Liquidation> read(const Event& event) {
    namespace f = field::liquidation;
    const LiquidationPayload& payload = event.liquidation;
    if (!event.has(f::side)) return tl::unexpected(bad_record("has no side", "side"));
    Liquidation liquidation;
    liquidation.time = event.event_time;
    liquidation.id = event.id;
    liquidation.side = payload.side;
    if (event.has(f::price)) {
        if (!std::isfinite(payload.price) || payload.price <= 0) {
            return tl::unexpected(bad_record("price is not a positive number", "price"));
        }
        liquidation.price = payload.price;
        liquidation.has_price = true;
    }
    if (event.has(f::notional)) {
        if (!(payload.notional >= 0 && payload.notional <= largest_notional)) {
            return tl::unexpected(bad_record(
                "notional is not within 0 .. 1e10 USD: wrong contract size or unit?", "notional"));
        }
        liquidation.notional = to_micro_usd(payload.notional);
        liquidation.has_notional = true;
    }
    return liquidation;
}

}  // namespace

Status Cascades::check() {
    if (options.close_after < options.cool_after) {
        return bad_option("close_after",
                          "is shorter than `cool_after`: a cascade would never cool");
    }
    if (options.velocity_every > 0 && options.velocity_every < millisecond) {
        return bad_option("velocity_every", "is shorter than 1ms; 0s switches `velocity` off");
    }
    rule_ = {options.window,     options.min_events,  options.min_notional, options.late_after,
             options.cool_after, options.close_after, options.emit_every,   options.pooled};
    return {};
}

Status Cascades::on(Market& market, const Event& event, Context& context) {
    Result<Liquidation> liquidation = read(event);
    if (!liquidation) return std::move(liquidation.error());
    MarketRule& rule = market.rule;
    if (rule.market().empty()) rule.set_market(current_key());
    liquidation->venue =
        static_cast<std::uint16_t>(market.venues.position_of(event.venue, rule.venues));
    liquidation->instrument = static_cast<std::uint32_t>(
        market.instruments.position_of(event.instrument, rule.instruments));

    // The timer at the end of the instant has settled everything before `now`.
    market.velocity.add(*liquidation);
    market.moved = true;
    if (rule.observe(*liquidation, context.now(), rule_) == Verdict::late) {
        context.late(event);
        return {};
    }
    context.set_timer(rule_timer, rule.next_due(rule_));
    return {};
}

void Cascades::on_timer(Market& market, TimerId timer, Time due, Context& context) {
    if (timer == velocity_timer) {
        if (market.moved) write_velocity(market, context);
        market.moved = false;
    } else {
        emissions_.clear();
        market.rule.advance(due, rule_, emissions_);
        for (const Emission& emission : emissions_) write(market, emission, context);
        const Time next = market.rule.next_due(rule_);
        if (next != time_never) context.set_timer(rule_timer, next);
    }
    if (options.velocity_every == 0 || !open(market)) {
        context.cancel_timer(velocity_timer);
    } else if (!context.timer_set(velocity_timer)) {
        context.set_timer(velocity_timer,
                          floor_to(due, options.velocity_every) + options.velocity_every);
    }
}

bool Cascades::open(const Market& market) const noexcept {
    return market.rule.open(Side::long_position, rule_) != nullptr ||
           market.rule.open(Side::short_position, rule_) != nullptr;
}

}  // namespace spillway::cascades
