#include "fixed_market.hpp"

#include <array>
#include <cstddef>
#include <string_view>

#include <spillway/fields.hpp>

namespace spillway::testing {
namespace {

constexpr Time start = 1'767'225'600 * second;  // 2026-01-01 00:00 UTC
constexpr std::array<std::string_view, 3> venues = {"binance", "bybit", "okx"};

/// A number from numbers (splitmix64). No library of anybody, whose results might change.
std::uint64_t mixed(std::uint64_t a, std::uint64_t b, std::uint64_t c) {
    std::uint64_t x = a * 0x9e3779b97f4a7c15U + b * 0xbf58476d1ce4e5b9U + c + 1;
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
}

class Writer {
public:
    Writer(const FixedPlan& plan, Script& script)
        : plan_(plan), script_(script), prices_(plan.markets.size(), 64'000) {}

    void write(std::uint32_t tick) {
        const Time now = time_of(tick);
        script_.wait_until(now);
        script_.watermark(floor_to(now - 5 * second, second));
        for (std::size_t market = 0; market < prices_.size(); ++market) {
            // In steps of 1/1024: exact in binary.
            const double step = static_cast<double>(mixed(tick, market, 0) % 9) - 4;
            prices_[market] += prices_[market] > 32'000 ? step * 32 : 32;
            for (std::size_t s = 0; s < plan_.streams.size(); ++s) {
                if ((tick + market) % plan_.streams[s].every != 0) continue;
                const Time at = now + static_cast<Time>(market * 16 + s) * millisecond;
                emit(tick, market, s, at);
                if (plan_.echo > 0 && tick >= plan_.echo) emit(tick - plan_.echo, market, s, at);
            }
        }
    }

private:
    [[nodiscard]] Time time_of(std::uint32_t tick) const { return start + tick * plan_.tick; }
    /// The record of a tick, as it comes in at `now`.
    void emit(std::uint32_t tick, std::size_t market, std::size_t stream, Time now) {
        const FixedPlan::Stream& what = plan_.streams[stream];
        random_ = mixed(tick, market, stream + 1);
        Event& event = script_.at(now, what.kind);
        event.event_time = time_of(tick) - static_cast<Duration>(random_ % 900) * millisecond;
        event.id = {stream + 1, random_};
        event.venue = venue_id(venues[random_ / 1024 % venues.size()]);
        event.market = market_id(plan_.markets[market]);
        event.instrument = instrument_id(plan_.markets[market] + "/USDT:USDT");
        fill(event, what, tick, market);
    }

    template <class T, class V>
    static void put(Event& event, T& place, const V& value, unsigned field) {
        place = static_cast<T>(value);
        event.set_present(field);
    }
    [[nodiscard]] double pick(std::uint32_t below) const {
        return static_cast<double>(random_ / 4096 % below);
    }
    void fill(Event& event, const FixedPlan::Stream& what, std::uint32_t tick, std::size_t market);
    void fill_flow(Event& event);
    static void fill_status(Event& event, std::uint32_t tick);
    void fill_score(Event& event, std::string_view name, std::uint32_t tick, std::size_t market);
    void fill_cascade(Event& event, std::uint32_t tick, std::size_t market);

    const FixedPlan& plan_;
    Script& script_;
    std::vector<double> prices_;
    std::uint64_t random_ = 0;
};

void Writer::fill(Event& event, const FixedPlan::Stream& what, std::uint32_t tick,
                  std::size_t market) {
    const double price = prices_[market];
    switch (what.kind) {
        case Kind::price:
            put(event, event.price.last, price, field::price::last);
            put(event, event.price.mark, price + pick(16), field::price::mark);
            put(event, event.price.index, price - pick(16), field::price::index);
            break;
        case Kind::bar:
            // Bars are one stream a market, and end when they come.
            event.venue = venue_id(venues[0]);
            event.event_time = time_of(tick);
            put(event, event.bar.open, price - 64, field::bar::open);
            put(event, event.bar.high, price + 128, field::bar::high);
            put(event, event.bar.low, price - 128, field::bar::low);
            put(event, event.bar.close, price, field::bar::close);
            put(event, event.bar.volume_usd, 1'000'000 + pick(4096) * 256, field::bar::volume_usd);
            put(event, event.bar.interval, plan_.tick, field::bar::interval);
            break;
        case Kind::funding_rate:
            put(event, event.funding_rate.rate, (pick(32) - 12) / 65'536,
                field::funding_rate::rate);
            put(event, event.funding_rate.rate_interval_hours, 8,
                field::funding_rate::rate_interval_hours);
            put(event, event.funding_rate.mark, price, field::funding_rate::mark);
            break;
        case Kind::open_interest:
            event.venue = venue_id(venues[0]);
            put(event, event.open_interest.base, 90'000 + pick(4096), field::open_interest::base);
            put(event, event.open_interest.notional, event.open_interest.base * price,
                field::open_interest::notional);
            break;
        case Kind::long_short_ratio:
            put(event, event.long_short_ratio.ratio, 0.5 + pick(256) / 64,
                field::long_short_ratio::ratio);
            put(event, event.long_short_ratio.population, random_ % 3,
                field::long_short_ratio::population);
            break;
        case Kind::liquidation:
            put(event, event.liquidation.price, price, field::liquidation::price);
            put(event, event.liquidation.quantity, (1 + pick(64)) / 8,
                field::liquidation::quantity);
            put(event, event.liquidation.notional, price * event.liquidation.quantity,
                field::liquidation::notional);
            put(event, event.liquidation.side, tick / 16 % 2, field::liquidation::side);
            break;
        case Kind::liquidation_sum:
            put(event, event.liquidation_sum.long_notional, pick(4096) * 64,
                field::liquidation_sum::long_notional);
            put(event, event.liquidation_sum.short_notional, pick(1024) * 64,
                field::liquidation_sum::short_notional);
            put(event, event.liquidation_sum.interval, plan_.tick,
                field::liquidation_sum::interval);
            break;
        case Kind::trade:
            put(event, event.trade.price, price, field::trade::price);
            put(event, event.trade.quantity, (1 + pick(64)) / 16, field::trade::quantity);
            put(event, event.trade.side, random_ % 2, field::trade::side);
            break;
        case Kind::stablecoin_flow:
            fill_flow(event);
            break;
        case Kind::source_status:
            fill_status(event, tick);
            break;
        case Kind::score:
            fill_score(event, what.name, tick, market);
            break;
        case Kind::cascade:
            fill_cascade(event, tick, market);
            break;
        default:
            break;
    }
}

void Writer::fill_flow(Event& event) {
    StablecoinFlowPayload& flow = event.stablecoin_flow;
    event.instrument = InstrumentId::none;
    event.market = market_wide();
    put(event, flow.amount, 100'000 + pick(4096) * 4096, field::stablecoin_flow::amount);
    put(event, flow.token, name_id(random_ % 2 == 0 ? "USDT" : "USDC"),
        field::stablecoin_flow::token);
    put(event, flow.flow, random_ / 64 % 4, field::stablecoin_flow::flow);
    put(event, flow.from_venue, venue_id(venues[random_ / 256 % 3]),
        field::stablecoin_flow::from_venue);
}

void Writer::fill_status(Event& event, std::uint32_t tick) {
    event.instrument = InstrumentId::none;
    event.market = MarketId::none;
    event.venue = venue_id(venues[tick / 32 % 3]);
    put(event, event.source_status.state, tick / 8 % 6, field::source_status::state);
    put(event, event.source_status.dropped, tick % 5, field::source_status::dropped);
}

/// Up and down between 0 and 100, so that severities come and go.
void Writer::fill_score(Event& event, std::string_view name, std::uint32_t tick,
                        std::size_t market) {
    ScorePayload& score = event.score;
    const auto phase = static_cast<double>((std::size_t{tick} * 3 + market * 40) % 200);
    double value = phase < 100 ? phase : 200 - phase;
    event.event_time = event.receive_time;
    event.instrument = InstrumentId::none;
    event.venue = VenueId::none;
    if (name == "pressure") {
        event.market = market_wide();
        event.flags |= flag_broadcast;
        value -= 60;
    } else {
        put(event, score.direction, Direction::down, field::score::direction);
    }
    put(event, score.name, name_id(name), field::score::name);
    put(event, score.value, value, field::score::value);
    put(event, score.low, value, field::score::low);
    put(event, score.high, value + 10, field::score::high);
    put(event, score.coverage, 0.875, field::score::coverage);
    put(event, score.headline, name == "risk", field::score::headline);
    put(event, score.at_close, true, field::score::at_close);
    score.contributions = 1;
    Contribution part{};
    part.points = value;
    part.cap = 100;
    part.age = second;
    part.component = name_id("funding");
    script_.put(&part, sizeof part);
}

void Writer::fill_cascade(Event& event, std::uint32_t tick, std::size_t market) {
    CascadePayload& cascade = event.cascade;
    event.venue = VenueId::none;
    put(event, cascade.cascade, Id{tick / 16, market + 1}, field::cascade::cascade);
    put(event, cascade.side, tick / 16 % 2, field::cascade::side);
    put(event, cascade.state, tick % 16 / 6, field::cascade::state);
    put(event, cascade.start, time_of(tick - tick % 16), field::cascade::start);
    put(event, cascade.last, event.event_time, field::cascade::last);
    put(event, cascade.long_count, tick % 16, field::cascade::long_count);
    put(event, cascade.short_count, 1, field::cascade::short_count);
    put(event, cascade.long_notional, tick % 16 * 50'000, field::cascade::long_notional);
    put(event, cascade.short_notional, 10'000, field::cascade::short_notional);
    const CascadeDetail detail{0.5, 0.75, 0.625, 50, 1, 1};
    const CascadeVenue venue{tick % 16 * 50'000.0, tick % 16, venue_id(venues[tick % 3])};
    const CascadeMember member{event.event_time, {tick, market + 1},         50'000,
                               event.instrument, venue_id(venues[tick % 3]), cascade.side};
    script_.put(&detail, sizeof detail);
    script_.put(&venue, sizeof venue);
    script_.put(&member, sizeof member);
}

}  // namespace

FixedMarket::FixedMarket(const FixedPlan& plan) {
    Script script;
    Writer writer(plan, script);
    for (std::uint32_t tick = 0; tick < plan.half; ++tick) writer.write(tick);
    before = script;
    script.clear();
    for (std::uint32_t tick = plan.half; tick < plan.ticks; ++tick) writer.write(tick);
    after = script;
}

}  // namespace spillway::testing
