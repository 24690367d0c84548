// What `alerts` writes: one event per step of an episode, with its message and contributions.

#include <cstring>

#include <spillway/fields.hpp>

#include "plugin.hpp"

namespace spillway::alerts {

namespace {

/// A step is known by its episode, time, reason and severity: once each.
Id step_id(const Notification& step) noexcept {
    const struct {
        Id episode;
        Time at = 0;
        std::uint32_t change = 0, severity = 0;
    } identity{step.episode, step.at, static_cast<std::uint32_t>(step.change),
               static_cast<std::uint32_t>(step.severity)};
    return hash_id(identity);
}

/// The event without texts. A resolved alert keeps the severity that it had.
Event& begin_event(Emitter& out, const Notification& step, AlertType type, Direction direction) {
    namespace f = field::alert;
    Event& event = out.emit(Kind::alert);
    event.id = step_id(step);
    const bool resolved = step.change == Change::resolved;
    AlertPayload& payload = event.alert;
    payload.episode = step.episode;
    payload.started = step.started;
    payload.severity = resolved ? step.previous : step.severity;
    payload.state = resolved ? AlertState::resolved : AlertState::firing;
    payload.direction = direction;
    payload.type = type;
    payload.repeated = step.change == Change::repeated;
    for (const unsigned field : {f::episode, f::severity, f::state, f::direction, f::type,
                                 f::started, f::repeated, f::grouped}) {
        event.set_present(field);
    }
    if (step.aligned) {
        payload.aligned = *step.aligned;
        event.set_present(f::aligned);
    }
    return event;
}

void set(Event& event, double& place, unsigned field, const std::optional<double>& value) noexcept {
    if (!value) return;
    place = *value;
    event.set_present(field);
}

void add_texts(Batch& batch, Event& event, std::string_view message, std::string_view markets,
               const std::vector<KeptComponent>& components) {
    batch.extend_blob(event, sizeof(AlertDetail) + components.size() * sizeof(Contribution));
    AlertDetail detail{};
    detail.message = batch.add_text(event, message);
    detail.markets = batch.add_text(event, markets);
    detail.contributions = static_cast<std::uint32_t>(components.size());
    // The arena may have moved while texts were added: write the structs last.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): the batch itself is not const
    auto* at = const_cast<std::byte*>(batch.blob(event).data());
    std::memcpy(at, &detail, sizeof(detail));
    at += sizeof(detail);
    for (const KeptComponent& kept : components) {
        Contribution part{};
        part.component = name_id(kept.name);
        part.points = kept.points;
        part.cap = kept.cap;
        part.raw = kept.raw;
        part.age = -1;
        part.missing = kept.missing;
        part.has_raw = kept.has_raw;
        part.reason = name_id(kept.reason);
        std::memcpy(at, &part, sizeof(part));
        at += sizeof(part);
    }
}

}  // namespace

/// Sends what a machine said, by itself or as part of the market-wide alert.
void Alerts::send(Watches& state, const Watch& watch, Context& context) {
    for (const Notification& step : steps_) {
        groups_.clear();
        const Route route = state.grouping.route(watch.machine.key(), step, group_, groups_);
        if (route == Route::alone) send(watch, step, context);
        for (const GroupNotification& group : groups_) send(group, context);
    }
}

void Alerts::send(const Watch& watch, const Notification& step, Context& context) const {
    namespace f = field::alert;
    const AlertKey& key = watch.machine.key();
    const Reading& reading = watch.reading;
    std::vector<Component> components;
    components.reserve(watch.components.size());
    for (const KeptComponent& kept : watch.components) {
        components.push_back({kept.name, kept.points, kept.missing, kept.partial()});
    }
    MessageFacts words;
    words.score = type_ == AlertType::ignition ? "ignition" : "liquidation risk";
    words.risk = reading.risk;
    words.pressure = reading.pressure;
    words.fragility = reading.fragility;
    words.elevated = watch.machine.elevated();
    words.pressure_missing = rules_.profile != Profile::scaled && !reading.pressure &&
                             step.severity >= Severity::warning;
    words.components = components;

    Emitter& out = context.out();
    Event& event = begin_event(out, step, key.type, key.direction);
    event.market = market_id(key.market);
    set(event, event.alert.score, f::score, reading.risk);
    set(event, event.alert.pressure, f::pressure, reading.pressure);
    set(event, event.alert.fragility, f::fragility, reading.fragility);
    add_texts(out.batch(), event, message(key, step, words), {}, watch.components);
}

void Alerts::send(const GroupNotification& group, Context& context) const {
    std::string markets;
    for (const std::string& market : group.markets) {
        if (!markets.empty()) markets += ',';
        markets += market;
    }
    Emitter& out = context.out();
    Event& event = begin_event(out, group.step, type_, group.direction);
    event.market = market_wide();
    event.alert.grouped = true;
    add_texts(out.batch(), event, group_message(group.step, group.direction, group.markets),
              markets, {});
}

/// Sends what a feed's health said. Data alerts are never grouped with markets.
void Alerts::send(const Feed& feed, Context& context) const {
    for (const Notification& step : steps_) {
        Emitter& out = context.out();
        Event& event = begin_event(out, step, AlertType::data, Direction::none);
        event.market = market_wide();
        event.venue = venue_id(feed.venue);
        add_texts(out.batch(), event, data_message(feed.health.key(), step, feed.reason), {}, {});
    }
}

}  // namespace spillway::alerts
