#include "machine.hpp"

#include <algorithm>

namespace spillway::alerts {

namespace {

constexpr std::array<Severity, 3> falling = {Severity::critical, Severity::warning, Severity::info};

}  // namespace

bool AlertMachine::known_below(Severity severity, const Rules& rules) const noexcept {
    const double limit = leave_below(severity, rules);
    if (!reading_.risk || *reading_.risk >= limit) return false;
    const bool lost_a_component = (reading_.missing & ~held_missing_) != 0;
    return !lost_a_component || reading_.high < limit;
}

bool AlertMachine::leaves(Severity severity, const Rules& rules) const noexcept {
    if (rules.profile == Profile::scaled) {
        return level(severity).below_for >= rules.scaled.leave_after;
    }
    return known_below(severity, rules) ||
           pressure_leaves(severity, reading_, key_.direction, rules);
}

Severity AlertMachine::target(Time now, const Rules& rules) const noexcept {
    if (!reading_.risk || now > valid_until_) return severity_;
    for (const Severity severity : falling) {
        if (enters(severity, reading_, key_.direction, rules)) return severity;
        if (severity <= severity_ && !leaves(severity, rules)) return severity;
    }
    return Severity::none;
}

void AlertMachine::count_until(Time now, const Rules& rules) noexcept {
    const Time end = std::min(now, valid_until_);
    if (end > counted_until_ && counted_until_ != time_before_all) {
        for (Level& level : levels_) {
            const Duration room = rules.scaled.leave_after - level.below_for;
            if (level.below && room > 0) level.below_for += std::min(room, end - counted_until_);
        }
    }
    counted_until_ = std::max(counted_until_, now);
}

void AlertMachine::observe(const Reading& reading, Time now, const Rules& rules,
                           std::vector<Notification>& out) {
    count_until(now, rules);
    reading_ = reading;
    valid_until_ = now + reading.valid_for;
    if (reading.fragility) elevated_ = *reading.fragility >= rules.elevated;
    if (firing() && enters(severity_, reading, key_.direction, rules)) {
        held_missing_ = reading.missing;
    }
    for (const Severity severity : falling) {
        Level& own = level(severity);
        own.below = known_below(severity, rules);
        if (reading.risk && *reading.risk >= leave_below(severity, rules)) own.below_for = 0;
    }
    apply(now, rules, out);
}

void AlertMachine::advance(Time now, const Rules& rules, std::vector<Notification>& out) {
    while (true) {
        const Time sink = sink_due(rules);
        const Time repeat = repeat_due(rules);
        const Time due = std::min(sink, repeat);
        if (due > now || due == time_never) return;
        count_until(due, rules);
        if (sink <= repeat) {
            apply(due, rules, out);
        } else {
            notify(Change::repeated, severity_, due, rules, out);
        }
    }
}

Time AlertMachine::next_due(const Rules& rules) const noexcept {
    return std::min(sink_due(rules), repeat_due(rules));
}

Time AlertMachine::repeat_due(const Rules& rules) const noexcept {
    return severity_ >= Severity::warning ? last_notified_ + rules.repeat_after : time_never;
}

/// When the current severity is left if no further reading comes.
Time AlertMachine::sink_due(const Rules& rules) const noexcept {
    if (!firing() || !reading_.risk) return time_never;
    if (enters(severity_, reading_, key_.direction, rules)) return time_never;
    Time due = severity_since_ + rules.min_dwell;
    if (rules.profile == Profile::scaled) {
        const Level& own = level(severity_);
        const Duration rest = rules.scaled.leave_after - own.below_for;
        if (rest > 0 && !own.below) return time_never;
        if (rest > 0) due = std::max(due, counted_until_ + rest);
    } else if (!leaves(severity_, rules)) {
        return time_never;
    }
    return due <= valid_until_ ? due : time_never;
}

void AlertMachine::apply(Time now, const Rules& rules, std::vector<Notification>& out) {
    const Severity next = target(now, rules);
    const Severity previous = severity_;
    if (next == previous) return;
    if (next < previous && now < severity_since_ + rules.min_dwell) return;

    severity_ = next;
    severity_since_ = now;
    if (next > previous) held_missing_ = reading_.missing;
    if (previous == Severity::none) {
        started_ = now;
        episode_ = alert_episode_id(key_, now);
        notify(Change::opened, previous, now, rules, out);
    } else if (next == Severity::none) {
        notify(Change::resolved, previous, now, rules, out);
    } else {
        notify(next > previous ? Change::escalated : Change::de_escalated, previous, now, rules,
               out);
    }
}

void AlertMachine::notify(Change change, Severity previous, Time now, const Rules& rules,
                          std::vector<Notification>& out) {
    last_notified_ = now;
    out.push_back({now, change, severity_, previous, episode_, started_,
                   aligned(severity_, reading_, key_.direction, rules)});
}

}  // namespace spillway::alerts
