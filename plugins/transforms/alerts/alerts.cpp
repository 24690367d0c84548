#include <algorithm>
#include <cmath>

#include <spillway/fields.hpp>

#include "plugin.hpp"

namespace spillway::alerts {

namespace {

Status ascending(std::string_view option, double lower, double middle, double upper) {
    if (lower <= middle && middle <= upper) return {};
    return bad_option(option, "thresholds of INFO, WARNING and CRITICAL must not sink");
}

/// One bit per component that is not whole; a score that says only why it is not ready misses all.
std::uint32_t missing_mask(const std::vector<KeptComponent>& components) noexcept {
    std::uint32_t mask = 0;
    for (std::size_t i = 0; i < components.size() && i < 32; ++i) {
        if (components[i].missing || components[i].partial()) mask |= 1U << i;
    }
    return mask;
}

void keep_components(Watch& watch, const Event& event, const Batch& batch) {
    const std::uint32_t count = event.score.contributions;
    const auto* parts = batch.blob_as<Contribution>(event, 0, count);
    watch.components.resize(parts == nullptr ? 0 : count);
    for (std::size_t i = 0; i < watch.components.size(); ++i) {
        KeptComponent& kept = watch.components[i];
        kept.name = text_of(parts[i].component);
        kept.points = parts[i].points;
        kept.cap = parts[i].cap;
        kept.raw = parts[i].raw;
        kept.missing = parts[i].missing;
        kept.reason = text_of(parts[i].reason);
        kept.has_raw = parts[i].has_raw;
    }
}

}  // namespace

Status Alerts::check() {
    const Options& o = options;
    if (Status s = ascending("warning", o.info, o.warning, o.critical); !s) return s;
    if (Status s = ascending("warning_risk", o.info_risk, o.warning_risk, o.critical_risk); !s) {
        return s;
    }
    if (o.info_leave > o.info_risk || o.warning_leave > o.warning_risk ||
        o.critical_leave > o.critical_risk) {
        return bad_option("info_leave", "a severity must not be left above the risk it enters at");
    }
    rules_.profile = o.profile;
    rules_.scaled = {o.info, o.warning, o.critical, o.leave_after};
    rules_.predecessor = {o.info_risk,     o.warning_risk,      o.warning_pressure,
                          o.critical_risk, o.critical_pressure, o.info_leave,
                          o.warning_leave, o.critical_leave,    o.critical_leave_pressure,
                          o.pressure == 1};
    rules_.elevated = o.elevated;
    rules_.aligned_warning = o.warning_pressure;
    rules_.aligned_critical = o.critical_pressure;
    rules_.min_dwell = o.min_dwell;
    rules_.repeat_after = o.repeat_after;
    group_.alone = o.group_after;
    group_.within = o.group_within;
    group_.repeat_after = o.repeat_after;
    data_.grace = o.data_grace;
    data_.quiet_after_loss = o.data_quiet;
    data_.repeat_after = o.repeat_after;
    return {};
}

Status Alerts::begin(const NodeSetup&) {
    type_ = options.score == 0 ? AlertType::liquidation_risk : AlertType::ignition;
    score_ = name_id(score_names[options.score]);
    pressure_ = name_id("pressure");
    fragility_ = name_id("fragility");
    return {};
}

Status Alerts::on(Watches& state, const Event& event, Context& context) {
    if (!rebuilt_) rebuild(state);
    if (event.kind() == Kind::score) {
        const ScorePayload& score = event.score;
        if (event.has(field::score::value) && !std::isfinite(score.value)) {
            return bad_record("value is not a number", "value");
        }
        take_score(state, event, context);
    } else {
        if (!event.has(field::source_status::state)) return bad_record("has no state", "state");
        take_status(state, event, context);
    }
    set_timer(state, context);
    return {};
}

void Alerts::on_timer(Watches& state, TimerId, Time due, Context& context) {
    if (!rebuilt_) rebuild(state);
    fire(state, due, context);
    set_timer(state, context);
}

void Alerts::take_score(Watches& state, const Event& event, Context& context) {
    const NameId name = event.score.name;
    if (name == pressure_) {
        take_pressure(state, event, context);
    } else if (event.score.headline && event.score.direction != Direction::none) {
        return;  // one of the directions, said a second time
    } else if (name == score_) {
        take_risk(state, event, context);
    } else if (name == fragility_) {
        Watch& watch = state.watches[watch_of(state, event.market, event.score.direction)];
        watch.fragility = {event.score.value, context.now(), event.has(field::score::value)};
    }
}

void Alerts::take_risk(Watches& state, const Event& event, Context& context) {
    const std::uint32_t index = watch_of(state, event.market, event.score.direction);
    Watch& watch = state.watches[index];
    const bool has_value = event.has(field::score::value);
    Reading reading = watch.reading;
    if (!has_value) {
        reading = {};
        keep_components(watch, event, context.batch());
    } else if (options.act_on == ActOn::emission || event.score.at_close) {
        keep_components(watch, event, context.batch());
        reading.risk = event.score.value;
        reading.high = event.score.high;
        reading.missing = missing_mask(watch.components);
    } else if (!reading.risk) {
        return;  // a trial before the first close
    }
    // A trial close proves that the last close is still of the present; its value does not count.
    reading.valid_for = options.valid_for;
    reading.pressure = state.pressure.read(context.now(), options.valid_for);
    reading.fragility = watch.fragility.read(context.now(), options.valid_for);
    watch.read_at = context.now();
    read(state, index, reading, context);
}

void Alerts::take_pressure(Watches& state, const Event& event, Context& context) {
    state.pressure = {event.score.value, context.now(), event.has(field::score::value)};
    for (std::uint32_t i = 0; i < state.watches.size(); ++i) {
        const Watch& watch = state.watches[i];
        if (watch.read_at == time_before_all) continue;
        const Duration age = context.now() - watch.read_at;
        if (age > options.valid_for) continue;
        Reading reading = watch.reading;
        reading.pressure = state.pressure.read(context.now(), options.valid_for);
        reading.valid_for = options.valid_for - age;  // the risk has not become younger
        read(state, i, reading, context);
    }
}

void Alerts::take_status(Watches& state, const Event& event, Context& context) {
    const bool of_one_kind = event.has(field::source_status::about);
    const std::uint32_t index =
        feed_of(state, event.venue,
                of_one_kind ? to_string(event.source_status.about) : std::string_view());
    Feed& feed = state.feeds[index];
    feed.reason = event.has(field::source_status::reason)
                      ? context.batch().text(event, event.source_status.reason)
                      : std::string_view();
    steps_.clear();
    feed.health.observe(event.source_status.state, context.now(), data_, steps_);
    send(feed, context);
    state.schedule(true, index, feed.health.next_due(data_));
}

/// Gives a machine a reading and sends what it says.
void Alerts::read(Watches& state, std::uint32_t index, const Reading& reading, Context& context) {
    Watch& watch = state.watches[index];
    watch.reading = reading;
    steps_.clear();
    watch.machine.observe(reading, context.now(), rules_, steps_);
    send(state, watch, context);
    state.schedule(false, index, watch.machine.next_due(rules_));
}

/// Everything due at or before `now`: the market-wide alert, then machines and feeds by time.
void Alerts::fire(Watches& state, Time now, Context& context) {
    groups_.clear();
    state.grouping.advance(now, group_, groups_);
    for (const GroupNotification& group : groups_) send(group, context);
    while (!state.due.empty() && state.due.begin()->at <= now) {
        const Watches::Due next = *state.due.begin();
        steps_.clear();
        if (next.feed) {
            Feed& feed = state.feeds[next.index];
            feed.health.advance(now, data_, steps_);
            send(feed, context);
            state.schedule(true, next.index, feed.health.next_due(data_));
        } else {
            Watch& watch = state.watches[next.index];
            watch.machine.advance(now, rules_, steps_);
            send(state, watch, context);
            state.schedule(false, next.index, watch.machine.next_due(rules_));
        }
    }
}

void Alerts::set_timer(Watches& state, Context& context) const {
    Time next = state.grouping.next_due(group_);
    if (!state.due.empty()) next = std::min(next, state.due.begin()->at);
    if (next == time_never) {
        context.cancel_timer(next_timer);
    } else {
        context.set_timer(next_timer, next);
    }
}

void Alerts::rebuild(Watches& state) {
    rebuilt_ = true;
    for (std::size_t i = 0; i < state.watches.size(); ++i) {
        state.schedule(false, i, state.watches[i].machine.next_due(rules_));
    }
    for (std::size_t i = 0; i < state.feeds.size(); ++i) {
        state.schedule(true, i, state.feeds[i].health.next_due(data_));
    }
}

std::uint32_t Alerts::watch_of(Watches& state, MarketId market, Direction direction) {
    const std::uint64_t handle =
        static_cast<std::uint64_t>(market) << 8U | static_cast<std::uint64_t>(direction);
    const auto [place, is_new] = watch_index_.try_emplace(handle, 0);
    if (!is_new) return place->second;
    const std::string_view name = text_of(market);
    const auto known =
        std::find_if(state.watches.begin(), state.watches.end(), [&](const Watch& watch) {
            return watch.machine.key().market == name && watch.machine.key().direction == direction;
        });
    place->second = static_cast<std::uint32_t>(known - state.watches.begin());
    if (known == state.watches.end()) {
        state.watches.emplace_back().machine = AlertMachine({type_, std::string(name), direction});
    }
    return place->second;
}

std::uint32_t Alerts::feed_of(Watches& state, VenueId venue, std::string_view kind) {
    const std::string_view name = text_of(venue);
    const auto known = std::find_if(state.feeds.begin(), state.feeds.end(), [&](const Feed& feed) {
        return feed.venue == name && feed.kind == kind;
    });
    const auto index = static_cast<std::uint32_t>(known - state.feeds.begin());
    if (known == state.feeds.end()) {
        Feed& feed = state.feeds.emplace_back();
        feed.venue = name;
        feed.kind = kind;
        // The key tells feeds of one venue apart: "okx", "okx liquidation".
        std::string key(name.empty() ? "the pipeline" : name);
        if (!kind.empty()) key.append(" ").append(kind);
        feed.health = DataHealth({AlertType::data, std::move(key), Direction::none});
    }
    return index;
}

}  // namespace spillway::alerts
