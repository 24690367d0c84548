#include "grouping.hpp"

#include <algorithm>

namespace spillway::alerts {

/// Notes that the market begins to fire; true if N others did within the time before.
bool Grouping::crowded(const std::string& market, Time now, const GroupOptions& options) {
    while (!recent_.empty() && recent_.front().at <= now - options.within) recent_.pop_front();
    const auto known = std::find_if(recent_.begin(), recent_.end(),
                                    [&](const Onset& onset) { return onset.market == market; });
    if (known != recent_.end()) recent_.erase(known);
    const bool full = recent_.size() >= options.alone;
    recent_.push_back({now, market});
    return full;
}

Route Grouping::route(const AlertKey& key, const Notification& notification,
                      const GroupOptions& options, std::vector<GroupNotification>& out) {
    const Time now = notification.at;
    const auto member = std::find_if(members_.begin(), members_.end(), [&](const Member& other) {
        return other.episode == notification.episode;
    });
    if (member != members_.end()) {
        member->severity = notification.severity;
        if (notification.change == Change::resolved) members_.erase(member);
        settle(now, out);
        return Route::grouped;
    }
    if (notification.change != Change::opened || !crowded(key.market, now, options)) {
        return Route::alone;
    }
    if (members_.empty()) {
        started_ = now;
        episode_ = alert_episode_id({key.type, "*", Direction::none}, now);
    }
    members_.push_back({notification.episode, key, notification.severity});
    unannounced_ = true;
    settle(now, out);
    return Route::grouped;
}

/// Brings the market-wide severity in line with the members.
void Grouping::settle(Time now, std::vector<GroupNotification>& out) {
    Severity highest = Severity::none;
    for (const Member& member : members_) highest = std::max(highest, member.severity);
    const Severity previous = severity_;
    severity_ = highest;
    if (highest == previous) return;
    if (previous == Severity::none) {
        notify(Change::opened, previous, now, out);
    } else if (highest == Severity::none) {
        notify(Change::resolved, previous, now, out);
    } else {
        notify(highest > previous ? Change::escalated : Change::de_escalated, previous, now, out);
    }
}

void Grouping::advance(Time now, const GroupOptions& options, std::vector<GroupNotification>& out) {
    for (Time due = next_due(options); due <= now && due != time_never; due = next_due(options)) {
        notify(unannounced_ ? Change::joined : Change::repeated, severity_, due, out);
    }
}

Time Grouping::next_due(const GroupOptions& options) const noexcept {
    Time due = time_never;
    if (unannounced_) due = last_notified_ + options.update_every;
    if (severity_ >= Severity::warning) due = std::min(due, last_notified_ + options.repeat_after);
    return due;
}

void Grouping::notify(Change change, Severity previous, Time now,
                      std::vector<GroupNotification>& out) {
    last_notified_ = now;
    unannounced_ = false;
    GroupNotification& group = out.emplace_back();
    group.step = {now, change, severity_, previous, episode_, started_, std::nullopt};
    for (const Member& member : members_) group.markets.push_back(member.key.market);
    std::sort(group.markets.begin(), group.markets.end());
    group.markets.erase(std::unique(group.markets.begin(), group.markets.end()),
                        group.markets.end());
    const auto differs = [&](const Member& member) {
        return member.key.direction != members_.front().key.direction;
    };
    if (!members_.empty() && std::none_of(members_.begin(), members_.end(), differs)) {
        group.direction = members_.front().key.direction;
    }
}

}  // namespace spillway::alerts
