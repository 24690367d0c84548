#include "data_health.hpp"

#include <algorithm>

namespace spillway::alerts {

void DataHealth::observe(FeedState state, Time now, const DataHealthOptions& options,
                         std::vector<Notification>& out) {
    switch (state) {
        case FeedState::connected:
        case FeedState::resumed:
            degraded_ = false;
            break;
        case FeedState::dropped:
            last_loss_ = now;
            break;
        case FeedState::gap:
        case FeedState::stale:
        case FeedState::disconnected:
            if (!degraded_) degraded_since_ = now;
            degraded_ = true;
            break;
    }
    settle(now, options, out);
}

bool DataHealth::losing(Time now, const DataHealthOptions& options) const noexcept {
    return last_loss_ != time_before_all && now < last_loss_ + options.quiet_after_loss;
}

void DataHealth::settle(Time now, const DataHealthOptions& options,
                        std::vector<Notification>& out) {
    const bool alarming = degraded_ && (firing_ || now >= degraded_since_ + options.grace);
    const bool bad = alarming || losing(now, options);
    if (bad == firing_) return;
    firing_ = bad;
    if (bad) {
        started_ = now;
        episode_ = alert_episode_id(key_, now);
    }
    notify(bad ? Change::opened : Change::resolved, now, options, out);
}

void DataHealth::advance(Time now, const DataHealthOptions& options,
                         std::vector<Notification>& out) {
    for (Time due = next_due(options); due <= now && due != time_never; due = next_due(options)) {
        if (due == settle_due(options)) {
            settle(due, options, out);
        } else {
            notify(Change::repeated, due, options, out);
        }
    }
}

/// When the alert begins or ends by the passing of time alone.
Time DataHealth::settle_due(const DataHealthOptions& options) const noexcept {
    if (degraded_) return firing_ ? time_never : degraded_since_ + options.grace;
    return firing_ ? last_loss_ + options.quiet_after_loss : time_never;
}

Time DataHealth::next_due(const DataHealthOptions& options) const noexcept {
    const Time repeat = firing_ ? last_notified_ + options.repeat_after : time_never;
    return std::min(settle_due(options), repeat);
}

void DataHealth::notify(Change change, Time now, const DataHealthOptions& options,
                        std::vector<Notification>& out) {
    last_notified_ = now;
    const Severity severity = firing_ ? options.severity : Severity::none;
    const Severity previous = change == Change::opened ? Severity::none : options.severity;
    out.push_back({now, change, severity, previous, episode_, started_, std::nullopt});
}

}  // namespace spillway::alerts
