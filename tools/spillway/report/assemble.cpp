// Collector::report: from what was gathered to what is told.
#include <algorithm>

#include "report/collector.hpp"

namespace spillway::report {
namespace {

constexpr std::string_view market_wide = "*";

std::vector<EventSpan> spans_of(const std::vector<Onset>& onsets) {
    std::vector<EventSpan> spans;
    spans.reserve(onsets.size());
    for (const Onset& onset : onsets) {
        spans.push_back({onset.start, onset.end});
    }
    return spans;
}

// An alert can be judged if there is a label at its time. Near the end of the run an alert without
// an onset is not false yet: its horizon lies in what was not recorded.
LevelOutcome judge(std::span<const Time> alerts, const std::vector<Onset>& onsets,
                   const OnsetLabels& labels, const MatchOptions& options) {
    LevelOutcome outcome;
    if (!labels.unavailable.empty()) {
        outcome.unjudged = alerts.size();
        return outcome;
    }
    const auto spans = spans_of(onsets);
    std::vector<Time> judged;
    for (const Time alert : alerts) {
        const bool labelled = alert >= labels.labelled_from && alert <= labels.labelled_to;
        const bool open_end = alert + options.horizon > labels.labelled_to;
        const std::array one{alert};
        if (labelled && (!open_end || match_alerts(one, spans, options).wrong == 0)) {
            judged.push_back(alert);
        }
    }
    outcome.match = match_alerts(judged, spans, options);
    outcome.unjudged = alerts.size() - judged.size();
    return outcome;
}

Duration label_grid(Duration interval) { return std::max(interval, minute); }

/// Fragments of a recording say nothing about the rest of it: liquidations count as a field of the
/// data when they were seen on most days that have prices.
bool covers_most_days(std::span<const SidedSample> notional, std::span<const Sample> prices) {
    constexpr Duration day = Duration{24} * 60 * minute;
    if (notional.empty() || prices.empty()) return false;
    const Time first = prices.front().time / day, last = prices.back().time / day;
    Time days = 0, newest = first - 1;
    for (const SidedSample& sample : notional) {
        const Time at = sample.time / day;
        if (at <= newest || at > last) continue;
        newest = at;
        ++days;
    }
    return 2 * days > last - first + 1;
}

}  // namespace

MarketReport Collector::market_report(const std::string& name, const Market& market) const {
    MarketReport report;
    report.market = name;
    report.scored = market.scored;
    report.warming_up = market.warming_up;
    report.episode_count = market.episodes.count();
    MarketSeries series;
    EpisodeTracker episodes = market.episodes;
    if (const auto price = market.prices.best()) {
        const Stream& stream = *price->stream;
        report.price = PriceRange{std::string{price->name}, stream.low,      stream.high,
                                  stream.last_value,        stream.low_time, stream.high_time};
        report.history_trimmed = stream.series.trimmed();
        series.prices = stream.series.samples();
        series.grid = label_grid(stream.interval);
        episodes.settle(series.prices);
    }
    report.episodes = episodes.highest(last_.value_or(0));
    // Samples further apart than the label's window cannot tell a change over it.
    if (const auto interest = market.interest.best(true);
        interest && interest->stream->interval <= options_.onsets.return_window) {
        series.interest = interest->stream->series.samples();
    }
    if (market.exchange_liquidations &&
        covers_most_days(market.notional.samples(), series.prices)) {
        series.notional = market.notional.samples();
    }
    report.onsets = label_onsets(series, options_.onsets);
    for (const AlertLog& log : market.alerts) {
        report.alerts += AlertCounts{log.by_highest_severity()};
    }
    for (const Severity level : severities) {
        LevelOutcome& outcome = report.levels[static_cast<std::size_t>(level)];
        outcome = judge(market.alerts[static_cast<std::size_t>(Direction::down)].starts(level),
                        report.onsets.down, report.onsets, options_.match);
        outcome += judge(market.alerts[static_cast<std::size_t>(Direction::up)].starts(level),
                         report.onsets.up, report.onsets, options_.match);
        outcome.level = level;
        outcome.labelled_time = report.onsets.labelled_time;
    }
    return report;
}

void Collector::add_missing(RunReport& report) const {
    const auto has = [](const Market& market, InputKind kind) {
        return market.seen[static_cast<std::size_t>(kind)];
    };
    using enum InputKind;
    for (const InputKind kind : {funding_rate, open_interest, long_short_ratio, liquidation}) {
        MissingInput missing{kind, false, {}};
        for (const MarketReport& scored : report.markets) {
            const Market& market = markets_.find(scored.market)->second;
            if (!has(market, kind) && !(kind == liquidation && has(market, liquidation_sum))) {
                missing.markets.push_back(scored.market);
            }
        }
        missing.everywhere =
            !missing.markets.empty() && missing.markets.size() == report.markets.size();
        if (!missing.markets.empty()) {
            report.missing.push_back(std::move(missing));
        }
    }
    const bool any_flow = std::any_of(markets_.begin(), markets_.end(), [&](const auto& entry) {
        return has(entry.second, stablecoin_flow);
    });
    if (!any_flow) {
        report.missing.push_back({stablecoin_flow, true, {}});
    }
}

void Collector::add_coverage(RunReport& report) const {
    std::map<std::string, Coverage> by_score;
    for (const auto& [name, market] : markets_) {
        // Markets that nobody could score are named in the notes; here they would only dilute.
        if (name != market_wide && !market.prices.best() && !market.scored) continue;
        for (const auto& [key, meter] : market.coverage) {
            by_score[key.first] += meter.until(last_.value_or(0));
        }
    }
    for (const auto& [score, coverage] : by_score) {
        report.coverage.push_back({score, coverage});
    }
}

void Collector::add_cascades(RunReport& report) const {
    auto sums = closed_cascades_;
    for (const auto& [id, cascade] : open_cascades_) {
        CascadeSummary& sum = sums[cascade.key];
        cascade.add_to(sum);
        ++sum.open;
    }
    for (auto& [key, sum] : sums) {
        sum.market = key.first;
        sum.side = key.second;
        report.cascades.push_back(std::move(sum));
    }
}

RunReport Collector::report(RunFacts facts) const {
    RunReport report;
    report.facts = std::move(facts);
    report.first = first_ ? first_ : last_;
    report.last = last_;
    report.episode_threshold = options_.episodes.threshold;
    for (const Severity level : severities) {
        report.levels[static_cast<std::size_t>(level)].level = level;
    }
    bool any_label = false;
    for (const auto& [name, market] : markets_) {
        const bool priced = market.prices.best().has_value();
        if (name == market_wide) {
            continue;
        }
        if (!priced && market.episodes.count() == 0) {
            if (!market.scored) report.not_scored.push_back(name);
            continue;
        }
        report.markets.push_back(market_report(name, market));
        const MarketReport& added = report.markets.back();
        report.alerts += added.alerts;
        for (std::size_t i = 0; i < report.levels.size(); ++i) {
            report.levels[i] += added.levels[i];
        }
        if (added.onsets.unavailable.empty()) {
            const LabelConditions& label = added.onsets.conditions;
            report.label_varies = report.label_varies || (any_label && label != report.label);
            report.label = any_label
                               ? LabelConditions{true, report.label.interest && label.interest,
                                                 report.label.notional && label.notional}
                               : label;
            any_label = true;
        }
    }
    report.market_wide_alerts = market_wide_alerts_;
    report.degraded_data_alerts = degraded_data_alerts_;
    report.records_not_kept = not_kept_;
    for (const auto& [key, venue] : liquidation_venues_) {
        report.liquidation_venues.push_back(venue);
    }
    for (const auto& [name, health] : sources_) {
        if (health.gaps + health.stale + health.dropped > 0) {
            report.sources.push_back(health);
        }
    }
    add_cascades(report);
    add_coverage(report);
    add_missing(report);
    return report;
}

}  // namespace spillway::report
