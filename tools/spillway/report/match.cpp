#include "report/match.hpp"

#include <algorithm>
#include <cmath>

namespace spillway::report {
namespace {

std::optional<double> share(std::size_t part, std::size_t whole) {
    if (whole == 0) {
        return std::nullopt;
    }
    return static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

std::optional<double> Match::precision() const { return share(right, right + wrong); }

std::optional<double> Match::recall() const { return share(found, events); }

std::optional<double> Match::f1() const {
    const auto p = precision();
    const auto r = recall();
    if (!p || !r) {
        return std::nullopt;
    }
    return *p + *r > 0.0 ? 2.0 * *p * *r / (*p + *r) : 0.0;
}

Match& Match::operator+=(const Match& other) {
    right += other.right;
    late += other.late;
    wrong += other.wrong;
    events += other.events;
    found += other.found;
    outcomes.insert(outcomes.end(), other.outcomes.begin(), other.outcomes.end());
    leads.insert(leads.end(), other.leads.begin(), other.leads.end());
    return *this;
}

Match match_alerts(std::span<const Time> alerts, std::span<const EventSpan> events,
                   const MatchOptions& options) {
    Match match;
    match.events = events.size();
    std::vector<std::optional<Duration>> leads(events.size());
    for (const Time alert : alerts) {
        bool right = false;
        bool late = false;
        // Only events that end after the alert and start within its horizon can be concerned.
        auto event = std::partition_point(events.begin(), events.end(),
                                          [&](const EventSpan& e) { return e.end <= alert; });
        for (; event != events.end() && event->start - options.horizon <= alert; ++event) {
            if (alert < event->start - options.minimum_lead) {
                right = true;
                auto& lead = leads[static_cast<std::size_t>(event - events.begin())];
                lead = std::max(lead.value_or(0), event->start - alert);
            } else {
                late = true;
            }
        }
        match.right += right ? 1 : 0;
        match.late += !right && late ? 1 : 0;
        match.wrong += !right && !late ? 1 : 0;
        match.outcomes.push_back(right  ? AlertOutcome::right
                                 : late ? AlertOutcome::late
                                        : AlertOutcome::wrong);
    }
    for (const auto& lead : leads) {
        if (lead) {
            match.leads.push_back(*lead);
        }
    }
    match.found = match.leads.size();
    return match;
}

std::optional<double> quantile(std::span<const Duration> values, double q) {
    if (values.empty()) {
        return std::nullopt;
    }
    std::vector<Duration> sorted(values.begin(), values.end());
    std::sort(sorted.begin(), sorted.end());
    const double position = std::clamp(q, 0.0, 1.0) * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    const auto above = std::min(below + 1, sorted.size() - 1);
    const double weight = position - std::floor(position);
    return static_cast<double>(sorted[below]) +
           weight * static_cast<double>(sorted[above] - sorted[below]);
}

}  // namespace spillway::report
