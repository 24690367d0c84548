#include <cmath>
#include <numeric>
#include <optional>

#include <spillway/fields.hpp>

#include "plugin.hpp"

namespace spillway::stablecoin_pressure {

namespace {

/// More USD than all stablecoins: an amount in the token's smallest unit.
constexpr double largest_amount = 1e12;
/// A few of them still fit behind any real time.
constexpr Duration longest_interval = 10'000 * day;

Result<Flow> read(const Event& event) {
    namespace f = field::stablecoin_flow;
    const StablecoinFlowPayload& payload = event.stablecoin_flow;
    if (!event.has(f::flow)) return tl::unexpected(bad_record("has no flow type", "flow"));
    if (!event.has(f::amount) || !(payload.amount >= 0 && payload.amount <= largest_amount)) {
        return tl::unexpected(bad_record("amount is not within 0 .. 1e12 USD", "amount"));
    }
    Flow flow;
    flow.time = event.event_time;
    flow.type = payload.flow;
    flow.amount = payload.amount;
    if (event.has(f::interval)) {
        if (payload.interval < 0 || payload.interval > longest_interval) {
            return tl::unexpected(bad_record("interval is not within 0 .. 10000 days", "interval"));
        }
        flow.interval = payload.interval;
    }
    flow.source = text_of(event.venue);
    if (event.has(f::token)) flow.token = text_of(payload.token);
    if (event.has(f::chain)) flow.chain = text_of(payload.chain);
    return flow;
}

/// What a source says of its connection, as far as it concerns stablecoin flows.
std::optional<bool> connection(const Event& event) {
    namespace f = field::source_status;
    if (event.venue == VenueId::none || !event.has(f::state)) return std::nullopt;
    const SourceStatusPayload& status = event.source_status;
    if (event.has(f::about) && status.about != Kind::stablecoin_flow) return std::nullopt;
    switch (status.state) {
        case FeedState::connected:
        case FeedState::resumed:
            return true;
        case FeedState::stale:
        case FeedState::disconnected:
            return false;
        case FeedState::gap:
        case FeedState::dropped:
            break;
    }
    return std::nullopt;
}

ComponentValue component(const std::optional<double>& points, const std::optional<double>& amount,
                         double cap, NameId reason) {
    ComponentValue value;
    value.cap = cap;
    value.floor = -cap;
    value.missing = !points;
    value.points = points.value_or(0);
    value.has_raw = amount.has_value();
    value.raw = amount.value_or(0);
    if (value.missing) value.reason = reason;
    return value;
}

}  // namespace

Status StablecoinPressure::check() {
    rules_.look_back = options.look_back;
    rules_.floor = options.floor;
    rules_.flow_scale = options.flow_scale;
    rules_.mint_scale = options.mint_scale;
    rules_.flow_weight = options.flow_weight;
    rules_.mint_weight = options.mint_weight;
    rules_.sign = options.sign;
    rules_.truncate = options.profile == Profile::classic;
    profile_ = name_id(name_in(profile_names, options.profile));
    no_source_ = name_id("no_fresh_source");
    return {};
}

void StablecoinPressure::advance(FlowState& state, Time now) {
    state.flows.advance(now, rules_);
    state.now = now;
}

Status StablecoinPressure::observe(FlowState& state, const Event& event, const Batch&) {
    if (event.kind() == Kind::source_status) {
        if (const auto connected = connection(event)) {
            state.flows.set_connected(text_of(event.venue), *connected);
        }
        return {};
    }
    const Result<Flow> flow = read(event);
    if (!flow) return flow.error();
    state.flows.observe(*flow, event.receive_time, rules_);
    return {};
}

Time StablecoinPressure::next_due(const FlowState& state) const {
    return state.flows.next_change(state.now, rules_);
}

auto StablecoinPressure::assess(const FlowState& state, Time now, std::size_t, Direction) const
    -> Assessment<Context> {
    const Amounts amounts = state.flows.assess(now, rules_);
    const Pressure pressure = pressure_of(amounts, rules_);
    Assessment<Context> found;
    found.ready = pressure.value.has_value();
    found.at_close = true;
    found.profile = profile_;
    found.reason = no_source_;
    found.components[0] =
        component(pressure.exchange_flow, amounts.net_outflow, rules_.cap, no_source_);
    found.components[1] = component(pressure.mint_burn, amounts.net_mint, rules_.cap, no_source_);
    found.components[2] = component(0, amounts.large_transfers, 0, no_source_);
    return found;
}

double StablecoinPressure::combine(const Context&, std::span<const double> points,
                                   std::size_t) const {
    return combined(std::accumulate(points.begin(), points.end(), 0.0), rules_);
}

}  // namespace spillway::stablecoin_pressure
