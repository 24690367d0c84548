#include "report/episodes.hpp"

#include <algorithm>

namespace spillway::report {
namespace {

constexpr Duration price_hold = hour;
constexpr Duration outcome_horizon = 4 * hour;

bool ranks_before(const Episode& a, const Episode& b) {
    return a.peak > b.peak || (a.peak == b.peak && a.start < b.start);
}

void keep_highest(std::vector<Episode>& episodes, Episode episode, std::size_t keep) {
    const auto place = std::upper_bound(episodes.begin(), episodes.end(), episode, ranks_before);
    episodes.insert(place, std::move(episode));
    if (episodes.size() > keep) {
        episodes.pop_back();
    }
}

}  // namespace

std::optional<double> PriceOutcome::change(const std::optional<double>& later) const {
    if (!later || !(at_peak > 0.0)) {
        return std::nullopt;
    }
    return *later / at_peak - 1.0;
}

std::optional<PriceOutcome> price_after(std::span<const Sample> prices, Time peak,
                                        Direction direction) {
    const auto at_peak = value_at(prices, peak, price_hold);
    if (!at_peak || !(*at_peak > 0.0)) {
        return std::nullopt;
    }
    PriceOutcome outcome;
    outcome.at_peak = *at_peak;
    outcome.worst_time = peak;
    outcome.complete = prices.back().time >= peak + outcome_horizon;
    const auto known_at = [&](Duration later) {
        return prices.back().time >= peak + later ? value_at(prices, peak + later, price_hold)
                                                  : std::nullopt;
    };
    outcome.after_15m = known_at(15 * minute);
    outcome.after_60m = known_at(hour);
    outcome.after_4h = known_at(outcome_horizon);
    const double sign = direction == Direction::up ? 1.0 : -1.0;
    const auto after = std::upper_bound(prices.begin(), prices.end(), peak,
                                        [](Time t, const Sample& s) { return t < s.time; });
    for (auto sample = after; sample != prices.end() && sample->time <= peak + outcome_horizon;
         ++sample) {
        const double move = sample->value / outcome.at_peak - 1.0;
        if (sign * move > sign * outcome.worst) {
            outcome.worst = move;
            outcome.worst_time = sample->time;
        }
    }
    return outcome;
}

EpisodeTracker::EpisodeTracker(EpisodeOptions options) : options_{options} {}

void EpisodeTracker::observe(Time time, double value, Direction direction,
                             std::span<const ContributionView> contributions) {
    if (last_ && time < *last_) {
        return;
    }
    last_ = time;
    if (below_since_ && time - *below_since_ >= options_.quiet) {
        close();
    }
    if (value < options_.threshold) {
        if (current_ && !below_since_) {
            below_since_ = time;
        }
        return;
    }
    below_since_.reset();
    const bool begins = !current_;
    if (begins) {
        current_.emplace();
        current_->start = time;
        ++count_;
    }
    if (begins || value > current_->peak) {
        current_->peak = value;
        current_->peak_time = time;
        current_->direction = direction;
        current_->outcome.reset();
        current_->contributions.clear();
        for (const ContributionView& view : contributions) {
            current_->contributions.push_back({std::string{view.component}, view.points});
        }
    }
}

void EpisodeTracker::close() {
    current_->end = *below_since_;
    keep_highest(highest_, std::move(*current_), options_.keep);
    current_.reset();
    below_since_.reset();
}

void EpisodeTracker::settle(std::span<const Sample> prices) {
    const auto settle_one = [&](Episode& episode) {
        if (!episode.outcome || !episode.outcome->complete) {
            if (auto outcome = price_after(prices, episode.peak_time, episode.direction)) {
                episode.outcome = *outcome;
            }
        }
    };
    for (Episode& episode : highest_) {
        settle_one(episode);
    }
    if (current_) {
        settle_one(*current_);
    }
}

std::vector<Episode> EpisodeTracker::highest(Time now) const {
    std::vector<Episode> episodes = highest_;
    if (current_) {
        Episode running = *current_;
        running.open = !below_since_ || now - *below_since_ < options_.quiet;
        running.end = below_since_ ? *below_since_ : std::max(now, last_.value_or(now));
        keep_highest(episodes, std::move(running), options_.keep);
    }
    return episodes;
}

}  // namespace spillway::report
