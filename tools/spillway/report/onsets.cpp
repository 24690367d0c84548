#include "report/onsets.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "report/trailing.hpp"

namespace spillway::report {
namespace {

struct Close {
    Time time = 0;
    double price = 0.0;
    std::optional<double> interest;
    double longs = 0.0;  // USD liquidated in the notional window that ends here
    double shorts = 0.0;
};

// A close that has all that the label's conditions ask for, before history is looked at.
struct Observation {
    Time time = 0;
    double price_change = 0.0;
    std::optional<double> interest_change;
    bool interest_known = true;
    double longs = 0.0;
    double shorts = 0.0;
};

Duration median_spacing(std::span<const Sample> prices) {
    std::vector<Duration> spacing;
    spacing.reserve(prices.size());
    for (std::size_t i = 1; i < prices.size(); ++i) {
        spacing.push_back(prices[i].time - prices[i - 1].time);
    }
    if (spacing.empty()) {
        return 0;
    }
    const auto middle = spacing.begin() + static_cast<std::ptrdiff_t>(spacing.size() / 2);
    std::nth_element(spacing.begin(), middle, spacing.end());
    return std::max(minute, (*middle + minute / 2) / minute * minute);
}

Time grid_ceiling(Time time, Duration grid) {
    const Time remainder = time % grid;
    return remainder == 0 ? time : time - remainder + (remainder > 0 ? grid : 0);
}

// Every grid close that has a price at most `hold` old; holes longer than that have no closes.
std::vector<Close> closes_of_prices(std::span<const Sample> prices, Duration grid, Duration hold) {
    std::vector<Close> closes;
    for (std::size_t i = 0; i < prices.size(); ++i) {
        Time until = prices[i].time + hold;
        if (i + 1 < prices.size()) {
            until = std::min(until, prices[i + 1].time - 1);
        } else {
            until = grid_ceiling(prices[i].time, grid);
        }
        for (Time t = grid_ceiling(prices[i].time, grid); t <= until; t += grid) {
            closes.push_back({t, prices[i].value, std::nullopt, 0.0, 0.0});
        }
    }
    return closes;
}

void add_notional(std::vector<Close>& closes, std::span<const SidedSample> sums, Duration window) {
    std::size_t head = 0;
    std::size_t tail = 0;
    for (Close& close : closes) {
        while (head < sums.size() && sums[head].time <= close.time) {
            ++head;
        }
        while (tail < head && sums[tail].time <= close.time - window) {
            ++tail;
        }
        for (std::size_t i = tail; i < head; ++i) {
            close.longs += sums[i].longs;
            close.shorts += sums[i].shorts;
        }
    }
}

std::vector<Observation> observe(const std::vector<Close>& closes, bool needs_interest,
                                 Duration window) {
    std::vector<Observation> observations;
    observations.reserve(closes.size());
    std::size_t past = 0;
    for (const Close& close : closes) {
        while (closes[past].time < close.time - window) {
            ++past;
        }
        const Close& reference = closes[past];
        if (reference.time != close.time - window || !(reference.price > 0.0)) {
            continue;
        }
        Observation seen{close.time,   close.price / reference.price - 1.0,
                         std::nullopt, true,
                         close.longs,  close.shorts};
        if (close.interest && reference.interest && *reference.interest > 0.0) {
            seen.interest_change = *close.interest / *reference.interest - 1.0;
        }
        seen.interest_known = !needs_interest || seen.interest_change.has_value();
        observations.push_back(seen);
    }
    return observations;
}

std::vector<double> values_of(const std::vector<Observation>& observations,
                              double Observation::*field) {
    std::vector<double> values;
    values.reserve(observations.size());
    for (const Observation& seen : observations) {
        values.push_back(seen.*field);
    }
    return values;
}

void extend(std::vector<Onset>& onsets, const Observation& seen, std::optional<double> notional,
            Duration grid, Duration merge_gap) {
    if (!onsets.empty() && seen.time - (onsets.back().end - grid) < merge_gap) {
        onsets.back().end = seen.time + grid;
        return;
    }
    onsets.push_back(
        {seen.time, seen.time + grid, seen.price_change, seen.interest_change, notional});
}

// What observations are judged against: those of the trailing time before.
class History {
public:
    History(const std::vector<Observation>& observations, bool with_notional)
        : with_notional_(with_notional),
          longs_(with_notional ? values_of(observations, &Observation::longs)
                               : std::vector<double>{}),
          shorts_(with_notional ? values_of(observations, &Observation::shorts)
                                : std::vector<double>{}) {}

    void add(const Observation& seen) {
        price_changes_.add(seen.price_change);
        if (!with_notional_) return;
        longs_.add(seen.longs);
        shorts_.add(seen.shorts);
    }
    void remove(const Observation& seen) {
        price_changes_.remove(seen.price_change);
        if (!with_notional_) return;
        longs_.remove(seen.longs);
        shorts_.remove(seen.shorts);
    }
    std::size_t count() const { return price_changes_.count(); }
    double deviation() const { return price_changes_.value().value_or(0.0); }
    double notional(bool down, double quantile) const {
        return (down ? longs_ : shorts_).value(quantile).value_or(0.0);
    }

private:
    bool with_notional_;
    TrailingDeviation price_changes_;
    TrailingQuantile longs_, shorts_;
};

bool is_onset(const Observation& seen, const History& history, const LabelConditions& conditions,
              const OnsetOptions& options) {
    const double threshold =
        std::max(options.return_floor, options.sigma_factor * history.deviation());
    const bool moved = std::abs(seen.price_change) >= threshold;
    const bool closed =
        !conditions.interest || seen.interest_change.value_or(0.0) <= options.interest_change;
    if (!conditions.notional || !moved || !closed) return moved && closed;
    const bool down = seen.price_change < 0.0;
    const double usual = history.notional(down, options.notional_quantile);
    return (down ? seen.longs : seen.shorts) >= std::max(usual, options.notional_floor);
}

// Walks the observations once; what lies in (t - trailing, t) is the history of t.
void assess(const std::vector<Observation>& observations, const OnsetOptions& options,
            OnsetLabels& labels) {
    History history(observations, labels.conditions.notional);
    const auto needed =
        static_cast<std::size_t>(std::max<Duration>(2, options.minimum_history / labels.grid));
    std::size_t oldest = 0;
    for (const Observation& seen : observations) {
        for (; observations[oldest].time <= seen.time - options.trailing; ++oldest) {
            history.remove(observations[oldest]);
        }
        if (history.count() >= needed && seen.interest_known) {
            labels.labelled_from = labels.labelled_time == 0 ? seen.time : labels.labelled_from;
            labels.labelled_to = seen.time;
            labels.labelled_time += labels.grid;
            if (is_onset(seen, history, labels.conditions, options)) {
                const bool down = seen.price_change < 0.0;
                extend(down ? labels.down : labels.up, seen,
                       labels.conditions.notional ? std::optional(down ? seen.longs : seen.shorts)
                                                  : std::nullopt,
                       labels.grid, options.merge_gap);
            }
        }
        history.add(seen);
    }
}

}  // namespace

std::string describe(const LabelConditions& conditions) {
    std::string present;
    std::string absent;
    const auto name = [&](bool is_present, const char* text) {
        std::string& list = is_present ? present : absent;
        list += fmt::format("{}{}", list.empty() ? "" : ", ", text);
    };
    name(conditions.price, "price");
    name(conditions.interest, "OI");
    name(conditions.notional, "notional");
    return absent.empty() ? fmt::format("full label: {}", present)
                          : fmt::format("reduced label: {}; no {}", present, absent);
}

OnsetLabels label_onsets(const MarketSeries& series, const OnsetOptions& options) {
    OnsetLabels labels;
    labels.conditions = {true, series.interest.has_value(), series.notional.has_value()};
    labels.grid = series.grid > 0 ? series.grid : median_spacing(series.prices);
    if (labels.grid == 0) {
        labels.unavailable = "no prices";
        return labels;
    }
    if (labels.grid > options.return_window) {
        labels.unavailable = fmt::format("prices every {} min, the label needs {} min or finer",
                                         labels.grid / minute, options.return_window / minute);
        return labels;
    }
    const Duration steps = (options.return_window + labels.grid / 2) / labels.grid;
    std::vector<Close> closes = closes_of_prices(series.prices, labels.grid, options.hold);
    if (series.interest) {
        for (Close& close : closes) {
            close.interest = value_at(*series.interest, close.time, options.hold);
        }
    }
    if (series.notional) {
        add_notional(closes, *series.notional, options.notional_window);
    }
    assess(observe(closes, labels.conditions.interest, steps * labels.grid), options, labels);
    if (labels.labelled_time == 0) {
        labels.unavailable =
            fmt::format("less than {} h of usable history", options.minimum_history / hour);
    }
    return labels;
}

}  // namespace spillway::report
