#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "report/records.hpp"

// Alerts against events. An alert at t is true if onset - horizon <= t < onset - minimum_lead of
// some event, else late if it lies before that event's end (neither right nor wrong), else false.
// An event counts once, however many alerts hit it; its lead is that of its earliest true alert.
namespace spillway::report {

struct EventSpan {
    Time start = 0;
    Time end = 0;  // exclusive
};

struct MatchOptions {
    Duration horizon = hour;
    Duration minimum_lead = 0;
};

enum class AlertOutcome { right, late, wrong };

struct Match {
    std::size_t right = 0;
    std::size_t late = 0;
    std::size_t wrong = 0;
    std::size_t events = 0;
    std::size_t found = 0;
    std::vector<AlertOutcome> outcomes;  // one an alert, in their order
    std::vector<Duration> leads;         // one a found event, in the order of the events

    std::size_t missed() const { return events - found; }
    std::optional<double> precision() const;  // absent without a right or wrong alert
    std::optional<double> recall() const;     // absent without an event
    std::optional<double> f1() const;

    // Adds the counts of another market or direction.
    Match& operator+=(const Match& other);
};

// `events` must not overlap and must ascend; alerts may come in any order.
Match match_alerts(std::span<const Time> alerts, std::span<const EventSpan> events,
                   const MatchOptions& options = {});

// Linear interpolation between order statistics, q in 0..1; absent if there are no values.
std::optional<double> quantile(std::span<const Duration> values, double q);

}  // namespace spillway::report
