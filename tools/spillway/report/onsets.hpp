#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "report/records.hpp"
#include "report/series.hpp"

// Cascade onsets of one market, found after the fact from its own data. An onset is the first grid
// close t of a stretch in which all of these hold, for one side (down: longs are liquidated):
//   notional liquidated in (t - 5 min, t] >= max(99.5 % quantile of the 30 days before t, floor)
//   return over 15 min towards the side   >= max(1.5 %, 4 sigma), sigma = sample standard deviation
//                                            of the 15-min returns of the 30 days before t
//   change of open interest (base coins) over 15 min <= -1 %
// A close is assessed only with a day of history before it. Closes that qualify less than 30 min
// apart are one event. A condition whose field the data lacks is dropped, and the result says so.
namespace spillway::report {

struct OnsetOptions {
    Duration return_window = 15 * minute;
    Duration notional_window = 5 * minute;
    Duration trailing = 30 * day;
    Duration minimum_history = day;
    Duration merge_gap = 30 * minute;
    Duration hold =
        hour;  // a close without a new sample repeats the last one for at most this long
    double return_floor = 0.015;
    double sigma_factor = 4.0;
    double notional_quantile = 0.995;
    double notional_floor = 100'000.0;  // USD; without it silence would pass a quantile of 0
    double interest_change = -0.01;
};

// One stream each, ascending in time. Absent is "the data has no such field"; present and empty is
// "connected, nothing happened". `grid` 0 takes the median spacing of the prices in whole minutes.
struct MarketSeries {
    std::span<const Sample> prices;
    std::optional<std::span<const Sample>> interest;
    std::optional<std::span<const SidedSample>> notional;
    Duration grid = 0;
};

struct LabelConditions {
    bool price = true;
    bool interest = false;
    bool notional = false;
    bool operator==(const LabelConditions&) const = default;
};

// "full label: price, OI, notional" or "reduced label: price, OI; no notional".
std::string describe(const LabelConditions& conditions);

struct Onset {
    Time start = 0;             // first close that qualifies
    Time end = 0;               // one grid step after the last one: the event is [start, end)
    double price_change = 0.0;  // 15-min return at start, fraction
    std::optional<double> interest_change;  // at start, fraction
    std::optional<double> notional;         // USD of the side in 5 min, at start
};

struct OnsetLabels {
    LabelConditions conditions;
    Duration grid = 0;
    std::vector<Onset> down;
    std::vector<Onset> up;
    Time labelled_from = 0;  // first and last close that could be assessed
    Time labelled_to = 0;
    Duration labelled_time = 0;  // assessed closes times grid
    std::string unavailable;     // why nothing could be assessed; empty if something was
};

OnsetLabels label_onsets(const MarketSeries& series, const OnsetOptions& options = {});

}  // namespace spillway::report
