#pragma once

#include <spillway/testing/script.hpp>

#include "path.hpp"

/// Records of one market as events, the way `normalise` hands them on.
namespace spillway::liquidation_risk::testing {

using spillway::testing::Script;

/// Market `*` is for what concerns all markets, none for what concerns a whole source.
inline Event& add(Script& script, Time now, Kind kind, std::string_view market = "BTC",
                  std::string_view venue = "v") {
    Event& event = script.at(now, kind);
    event.venue = venue_id(venue);
    event.market = market.empty() ? MarketId::none : market_id(market);
    if (!market.empty() && market != "*") event.instrument = instrument_id("BTC/USDT:USDT");
    return event;
}

inline void add_price(Script& script, Time now, double mark, double index = 0,
                      std::string_view market = "BTC", std::string_view venue = "v") {
    Event& event = add(script, now, Kind::price, market, venue);
    event.price.mark = mark;
    event.set_present(field::price::mark);
    if (index <= 0) return;
    event.price.index = index;
    event.set_present(field::price::index);
}

inline void add_bar(Script& script, Time now, double close, Duration interval) {
    Event& event = add(script, now, Kind::bar);
    event.bar.close = close;
    event.bar.interval = interval;
    event.set_present(field::bar::close);
    event.set_present(field::bar::interval);
}

inline void add_open_interest(Script& script, Time now, double coins) {
    Event& event = add(script, now, Kind::open_interest);
    event.open_interest.base = coins;
    event.set_present(field::open_interest::base);
}

inline void add_funding(Script& script, Time now, double rate) {
    Event& event = add(script, now, Kind::funding_rate);
    event.funding_rate.rate = rate;
    event.funding_rate.rate_interval_hours = 8;
    event.set_present(field::funding_rate::rate);
    event.set_present(field::funding_rate::rate_interval_hours);
}

inline void add_long_short(Script& script, Time now, double ratio) {
    Event& event = add(script, now, Kind::long_short_ratio);
    event.long_short_ratio.ratio = ratio;
    event.long_short_ratio.population = Population::global_accounts;
    event.set_present(field::long_short_ratio::ratio);
    event.set_present(field::long_short_ratio::population);
}

inline void add_sum(Script& script, Time now, double longs, double shorts) {
    Event& event = add(script, now, Kind::liquidation_sum);
    event.liquidation_sum.long_notional = longs;
    event.liquidation_sum.short_notional = shorts;
    event.liquidation_sum.interval = minute;
    event.set_present(field::liquidation_sum::long_notional);
    event.set_present(field::liquidation_sum::short_notional);
    event.set_present(field::liquidation_sum::interval);
}

inline void add_order(Script& script, Time now, Side side, double usd,
                      std::string_view venue = "v") {
    Event& event = add(script, now, Kind::liquidation, "BTC", venue);
    event.liquidation.side = side;
    event.liquidation.notional = usd;
    event.set_present(field::liquidation::side);
    event.set_present(field::liquidation::notional);
}

inline void add_pressure(Script& script, Time now, double value) {
    Event& event = add(script, now, Kind::score, "*", "");
    event.score.name = name_id("pressure");
    event.score.value = value;
    event.set_present(field::score::name);
    event.set_present(field::score::value);
}

inline void add_status(Script& script, Time now, FeedState state, std::string_view venue = "v") {
    Event& event = add(script, now, Kind::source_status, "", venue);
    event.source_status.state = state;
    event.source_status.about = Kind::liquidation;
    event.set_present(field::source_status::state);
    event.set_present(field::source_status::about);
}

/// Everything that is known at one close of the made-up market.
inline void add_close(Script& script, int i) {
    const PathPoint p = path(i);
    add_pressure(script, p.time, p.pressure);
    add_open_interest(script, p.time, p.open_interest);
    add_funding(script, p.time, p.funding);
    add_long_short(script, p.time, p.long_short);
    add_sum(script, p.time, p.longs, p.shorts);
    add_price(script, p.time, p.price, p.price / (1 + p.basis));
}

}  // namespace spillway::liquidation_risk::testing
