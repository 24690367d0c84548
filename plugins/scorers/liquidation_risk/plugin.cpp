#include "plugin.hpp"

#include <algorithm>
#include <limits>

#include <spillway/fields.hpp>
#include <spillway/plugin.hpp>

namespace spillway::liquidation_risk {

namespace {

constexpr double any_change = std::numeric_limits<double>::infinity();

std::optional<double> value_if(const Event& event, unsigned field, double value) {
    return event.has(field) ? std::optional(value) : std::nullopt;
}

Duration interval_of(const Event& event, unsigned field, Duration interval, Duration otherwise) {
    return event.has(field) && interval > 0 ? interval : otherwise;
}

bool rests_on_liquidations(std::string_view component) {
    return component == "liquidations" || component == "ignition_liquidations" ||
           component == "self_excitation";
}

/// Event times that lie after engine time count as engine time.
Time time_of(const MarketState& state, const Event& event) {
    return std::min(event.event_time, state.market.now());
}

}  // namespace

Status LiquidationRisk::begin(const NodeSetup&) {
    settings_.move = {options.move_floor, options.move_factor};
    settings_.half_life = options.half_life;
    settings_.trial_closes = options.trial_closes;
    weights_ = {options.weight_open_interest, options.weight_liquidations,
                options.weight_self_excitation};
    settings_.weights = weights_;
    closes = options.profile == Profile::scaled;
    keep_samples_ = !closes;
    names_ = {name_id("pressure"),       name_id(name_in(profile_names, options.profile)),
              name_id("warming_up"),     name_id("price_missing"),
              name_id("no_fresh_input"), name_id("too_little_history"),
              name_id("a_venue_is_out")};
    return {};
}

void LiquidationRisk::advance(MarketState& state, Time now) {
    // A new key hears market-wide events of earlier times in any order.
    state.market.advance(std::max(now, state.market.now()), settings_);
}

double LiquidationRisk::observe(MarketState& state, const Event& event, const Batch&) {
    const bool at_close = state.market.at_close();
    const double reach = take(state, event);
    // What follows a close is a trial of the next one: every window moves on by a step.
    const bool next_begins = at_close && !state.market.at_close() && settings_.trial_closes;
    return next_begins ? any_change : reach;
}

double LiquidationRisk::take(MarketState& state, const Event& event) {
    switch (event.kind()) {
        case Kind::price:
        case Kind::bar:
            return price(state, event);
        case Kind::funding_rate:
            funding(state, event);
            break;
        case Kind::open_interest:
            open_interest(state, event);
            break;
        case Kind::long_short_ratio:
            long_short(state, event);
            break;
        case Kind::liquidation:
            return order(state, event);
        case Kind::liquidation_sum:
            sum(state, event);
            break;
        case Kind::source_status:
            status(state, event);
            break;
        case Kind::score:
            return score(state, event);
        default:
            return 0;
    }
    return any_change;
}

double LiquidationRisk::price(MarketState& state, const Event& event) {
    Inputs::PriceRecord record;
    record.time = event.event_time;
    if (event.kind() == Kind::bar) {
        record.last = value_if(event, field::bar::close, event.bar.close);
        record.interval = interval_of(event, field::bar::interval, event.bar.interval, 0);
    } else {
        record.mark = value_if(event, field::price::mark, event.price.mark);
        record.last = value_if(event, field::price::last, event.price.last);
        record.index = value_if(event, field::price::index, event.price.index);
        record.interval = interval_of(event, field::price::interval, event.price.interval, 0);
    }
    Inputs& inputs = state.market.inputs();
    inputs.keep_samples(keep_samples_);
    const auto stream = state.handles.of(event, 0, [&] {
        return inputs.price_stream(text_of(event.venue), text_of(event.instrument));
    });
    const Inputs::Price& known = inputs.prices()[stream];
    const bool ticking =
        known.stream.seen() && known.ticks() && known.stream.fresh(state.market.now());
    if (event.kind() == Kind::bar && ticking)
        return 0;  // the bars of an instrument that also ticks
    const double reach = state.market.price(stream, record, settings_);
    return closes ? reach : any_change;
}

void LiquidationRisk::funding(MarketState& state, const Event& event) const {
    using namespace field::funding_rate;
    if (!event.has(rate)) return;
    const double hours =
        event.has(rate_interval_hours) ? event.funding_rate.rate_interval_hours : 8.0;
    Duration usual = options.funding_interval;
    constexpr double longest = 24.0 * 366;  // beyond, it is no interval that anybody pays in
    if (usual == 0 && event.has(rate_interval_hours) && hours > 0 && hours <= longest) {
        usual = static_cast<Duration>(hours * static_cast<double>(hour));
    }
    Inputs& inputs = state.market.inputs();
    const auto stream = state.handles.of(event, 0, [&] {
        return inputs.funding_stream(text_of(event.venue), text_of(event.instrument));
    });
    inputs.funding(stream, time_of(state, event),
                   interval_of(event, interval, event.funding_rate.interval, usual),
                   event.funding_rate.rate, hours);
}

void LiquidationRisk::open_interest(MarketState& state, const Event& event) const {
    using namespace field::open_interest;
    const OpenInterestPayload& oi = event.open_interest;
    Inputs& inputs = state.market.inputs();
    inputs.keep_samples(keep_samples_);
    const auto stream = state.handles.of(event, 0, [&] {
        return inputs.open_interest_stream(text_of(event.venue), text_of(event.instrument));
    });
    inputs.open_interest(stream, time_of(state, event),
                         interval_of(event, interval, oi.interval, options.open_interest_interval),
                         value_if(event, base, oi.base), value_if(event, notional, oi.notional));
}

void LiquidationRisk::long_short(MarketState& state, const Event& event) const {
    using namespace field::long_short_ratio;
    if (!event.has(ratio)) return;
    const LongShortRatioPayload& ratios = event.long_short_ratio;
    Inputs& inputs = state.market.inputs();
    const Population whose =
        event.has(population) ? ratios.population : Population::global_accounts;
    const auto stream = state.handles.of(event, static_cast<unsigned>(whose), [&] {
        return inputs.long_short_stream(text_of(event.venue), text_of(event.instrument), whose);
    });
    inputs.long_short(stream, time_of(state, event),
                      interval_of(event, interval, ratios.interval, options.long_short_interval),
                      ratios.ratio);
}

double LiquidationRisk::order(MarketState& state, const Event& event) {
    using namespace field::liquidation;
    const Liquidations::Index from = venue(state, event);
    const double usd = event.liquidation.notional;
    if (!event.has(notional) || !event.has(side) || !std::isfinite(usd) || usd < 0) {
        state.market.liquidations().order_of_unknown_size(from);
        return 0;
    }
    const double reach =
        state.market.order(from, event.liquidation.side, usd, event.event_time, settings_);
    return closes ? reach : any_change;
}

void LiquidationRisk::sum(MarketState& state, const Event& event) {
    using namespace field::liquidation_sum;
    const Liquidations::Index from = venue(state, event);
    Liquidations& liquidations = state.market.liquidations();
    const LiquidationSumPayload& sums = event.liquidation_sum;
    if (!event.has(long_notional) || !event.has(short_notional) || !event.has(interval)) {
        return liquidations.order_of_unknown_size(from);
    }
    liquidations.sum(from, text_of(event.instrument), {sums.long_notional, sums.short_notional},
                     time_of(state, event), sums.interval);
}

// Silence of a source means zero only while it is known to listen: through a gap, or when it is
// stale or disconnected, it is missing until it says that it is back.
void LiquidationRisk::status(MarketState& state, const Event& event) {
    const SourceStatusPayload& says = event.source_status;
    const bool of_all = !event.has(field::source_status::about);
    const bool of_orders = !of_all && says.about == Kind::liquidation;
    const bool of_sums = !of_all && says.about == Kind::liquidation_sum;
    if (!of_all && !of_orders && !of_sums) return;  // other inputs are judged by their age
    if (says.state == FeedState::dropped) return;
    const bool connected = says.state == FeedState::connected || says.state == FeedState::resumed;
    const Liquidations::Index from = venue(state, event);
    using About = Liquidations::About;
    state.market.liquidations().connection(from, connected,
                                           of_all      ? About::venue
                                           : of_orders ? About::orders
                                                       : About::sums);
}

double LiquidationRisk::score(MarketState& state, const Event& event) const {
    if (event.score.name != names_.pressure || !event.has(field::score::value)) return 0;
    state.market.pressure(event.score.value, event.event_time, options.pressure_interval);
    return any_change;
}

Liquidations::Index LiquidationRisk::venue(MarketState& state, const Event& event) {
    Liquidations& liquidations = state.market.liquidations();
    return state.handles.of(event, 0, [&] {
        const std::string_view name = text_of(event.venue);
        return liquidations.venue(name, on_chain(name));
    });
}

bool LiquidationRisk::on_chain(std::string_view venue) const {
    return std::any_of(options.on_chain_venues.begin(), options.on_chain_venues.end(),
                       [&](std::string_view pattern) {
                           if (!pattern.ends_with('*')) return venue == pattern;
                           return venue.starts_with(pattern.substr(0, pattern.size() - 1));
                       });
}

Assessment<LiquidationRisk::Context> LiquidationRisk::assess(const MarketState& state, Time,
                                                             std::size_t output,
                                                             Direction direction) const {
    Assessment<Context> out;
    out.profile = names_.profile;
    const std::size_t count = outputs[output].components.size();
    const ComponentValues components(out.components.data(), count);
    if (output == risk_classic) {
        classic::assess(state.market.classic_inputs(), components);
    } else if (output == risk_monotone) {
        monotone::assess(state.market.monotone_inputs(), direction, components);
    } else {
        assess_scaled(state, output, direction, out);
        if (!out.ready) return out;
    }
    if (!closes) out.at_close = true;

    const bool venue_out = state.market.liquidations_seen().partial(state.market.now());
    bool silent = true;
    for (std::size_t c = 0; c < count; ++c) {
        ComponentValue& component = components[c];
        silent = silent && component.missing;
        if (component.missing) {
            component.reason = component.has_raw ? names_.too_little_history : names_.no_input;
        } else if (venue_out && rests_on_liquidations(outputs[output].components[c].name)) {
            component.partial = true;
            component.reason = names_.venue_out;
        }
    }
    out.ready = !silent;
    if (silent) out.reason = names_.no_input;
    return out;
}

void LiquidationRisk::assess_scaled(const MarketState& state, std::size_t output,
                                    Direction direction, Assessment<Context>& out) const {
    const Measures& measures = state.market.measures(settings_);
    const auto readiness = scaled::readiness(measures, output != risk);
    out.ready = readiness == scaled::Readiness::ready;
    out.warming_up = readiness == scaled::Readiness::warming_up;
    out.young_ranks = measures.young;
    out.at_close = state.market.at_close() || !settings_.trial_closes;
    if (!out.ready) {
        out.reason = out.warming_up ? names_.warming_up : names_.price_missing;
        return;
    }
    const ComponentValues components(out.components.data(), outputs[output].components.size());
    if (output == fragility) return scaled::assess_fragility(measures, direction, components);
    out.context.distance = scaled::distance(measures, direction);
    if (output == ignition) {
        scaled::assess_ignition(measures, out.context.distance,
                                state.market.self_excitation(direction, settings_), weights_,
                                direction, components);
    } else {
        scaled::assess_risk(measures, out.context.distance, weights_, direction, components);
    }
}

double LiquidationRisk::combine(const Context& context, std::span<const double> points,
                                std::size_t output) {
    if (output == risk) return scaled::combine_risk(context.distance, points);
    if (output == ignition) return scaled::combine_ignition(context.distance, points);
    return clamped_sum(points);
}

void LiquidationRisk::explain(const MarketState& state, Time now, std::size_t output,
                              std::span<ComponentValue> components) {
    provenance_.explain(state.market, now, outputs[output].components, components);
}

}  // namespace spillway::liquidation_risk

SPILLWAY_PLUGIN(spillway::liquidation_risk::LiquidationRisk)
