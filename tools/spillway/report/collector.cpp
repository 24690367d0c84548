#include "report/collector.hpp"

#include <algorithm>

namespace spillway::report {
namespace {

constexpr std::string_view market_wide = "*";

}  // namespace

Collector::Market::Market(const CollectorOptions& options)
    : prices{options.streams_per_market, options.minutes_kept},
      interest{options.streams_per_market, options.minutes_kept},
      notional{options.minutes_kept},
      episodes{options.episodes} {}

void Collector::OpenCascade::add_to(CascadeSummary& sum) const {
    ++sum.count;
    sum.cross_exchange += venues > 1 ? 1 : 0;
    sum.liquidations += liquidations;
    sum.notional += notional;
    if (notional > sum.largest) {
        sum.largest = notional;
        sum.largest_start = start;
    }
}

Collector::Collector(const CollectorOptions& options) : options_{options} {}

Collector::Market* Collector::market(std::string_view name) {
    if (const auto found = markets_.find(name); found != markets_.end()) {
        return &found->second;
    }
    if (markets_.size() >= options_.max_markets) {
        ++not_kept_;
        return nullptr;
    }
    return &markets_.try_emplace(std::string{name}, options_).first->second;
}

void Collector::advance(Time time) { last_ = std::max(last_.value_or(time), time); }

void Collector::see(Market& market, InputKind kind, Time time) {
    market.seen[static_cast<std::size_t>(kind)] = true;
    first_ = std::min(first_.value_or(time), time);
    advance(time);
}

void Collector::add(const ScoreRecord& record) {
    Market* const owner = market(record.market);
    if (owner == nullptr) {
        return;
    }
    advance(record.time);
    if (record.headline) owner->warming_up = record.warming_up;
    if (record.headline && record.value && !record.trial) {
        owner->scored = true;
        owner->episodes.observe(record.time, *record.value, record.direction, record.contributions);
    }
    // A headline repeats one of the two directions: counting it again would weigh that one twice.
    if (!record.headline) {
        const auto key = std::pair{std::string{record.name}, record.direction};
        owner->coverage[key].observe(record);
    }
}

void Collector::add(const PriceRecord& record) {
    Market* const owner = market(record.market);
    if (owner == nullptr) {
        return;
    }
    see(*owner, InputKind::price, record.time);
    Stream* const stream = owner->prices.find_or_add(record.stream, record.interval);
    if (stream == nullptr) {
        ++not_kept_;
        return;
    }
    if (stream->series.full()) {
        owner->episodes.settle(stream->series.samples());
    }
    stream->add(record.time, record.price, record.low.value_or(record.price),
                record.high.value_or(record.price));
}

void Collector::add(const OpenInterestRecord& record) {
    Market* const owner = market(record.market);
    if (owner == nullptr) {
        return;
    }
    see(*owner, InputKind::open_interest, record.time);
    if (!record.base) {
        return;
    }
    if (Stream* const stream = owner->interest.find_or_add(record.stream, record.interval)) {
        stream->add(record.time, *record.base, *record.base, *record.base);
    } else {
        ++not_kept_;
    }
}

void Collector::add(const LiquidationRecord& record) {
    Market* const owner = market(record.market);
    if (owner == nullptr) {
        return;
    }
    see(*owner, InputKind::liquidation, record.time);
    if (LiquidationVenue* const venue = liquidation_venue(record.venue, false)) {
        ++venue->records;
        venue->on_chain = record.on_chain;
        venue->unknown_notional += record.notional ? 0 : 1;
    }
    if (!record.on_chain) {
        owner->exchange_liquidations = true;
        owner->notional.add(record.time, record.side, record.notional.value_or(0.0));
    }
}

void Collector::add(const LiquidationSumRecord& record) {
    Market* const owner = market(record.market);
    if (owner == nullptr) {
        return;
    }
    see(*owner, InputKind::liquidation_sum, record.time);
    if (LiquidationVenue* const venue = liquidation_venue(record.venue, true)) {
        ++venue->records;
        venue->interval = record.interval;
    }
    if (record.interval <= options_.longest_sum_for_label) {
        owner->exchange_liquidations = true;
        owner->notional.add(record.time, Side::longs, record.long_notional);
        owner->notional.add(record.time, Side::shorts, record.short_notional);
    }
}

void Collector::add(const InputRecord& record) {
    if (Market* const owner = market(record.market)) {
        see(*owner, record.kind, record.time);
    }
}

void Collector::add(const CascadeRecord& record) {
    advance(record.last);
    auto found = open_cascades_.find(record.id);
    if (found == open_cascades_.end()) {
        if (open_cascades_.size() >= options_.max_open_cascades) {
            ++not_kept_;
            return;
        }
        found = open_cascades_.try_emplace(record.id).first;
    }
    OpenCascade& cascade = found->second;
    cascade = {{std::string{record.market}, record.side},
               record.start,
               record.liquidations,
               record.notional,
               record.venues};
    if (!record.closed) {
        return;
    }
    cascade.add_to(closed_cascades_[cascade.key]);
    open_cascades_.erase(found);
}

void Collector::add(const AlertRecord& record) {
    advance(record.time);
    if (record.degraded_data) {
        degraded_data_alerts_ += record.resolved ? 0 : 1;
        return;
    }
    if (record.market == market_wide) {
        market_wide_alerts_ += record.resolved ? 0 : 1;
        return;
    }
    if (Market* const owner = market(record.market)) {
        owner->alerts[static_cast<std::size_t>(record.direction)].observe(
            record.time, record.severity, record.resolved);
    }
}

void Collector::add(const SourceStatusRecord& record) {
    auto found = sources_.find(record.source);
    if (found == sources_.end()) {
        if (sources_.size() >= options_.max_sources) {
            ++not_kept_;
            return;
        }
        found = sources_.try_emplace(std::string{record.source}).first;
        found->second.source = record.source;
    }
    SourceHealth& health = found->second;
    health.gaps += record.status == SourceStatusRecord::Status::gap ? 1 : 0;
    health.stale += record.status == SourceStatusRecord::Status::stale ? 1 : 0;
    health.dropped += record.status == SourceStatusRecord::Status::dropped ? record.dropped : 0;
}

LiquidationVenue* Collector::liquidation_venue(std::string_view name, bool sums) {
    const auto key = std::pair{std::string{name}, sums};
    const auto found = liquidation_venues_.find(key);
    if (found != liquidation_venues_.end()) {
        return &found->second;
    }
    if (liquidation_venues_.size() >= options_.max_sources) {
        ++not_kept_;
        return nullptr;
    }
    LiquidationVenue& venue = liquidation_venues_[key];
    venue.venue = name;
    venue.sums = sums;
    return &venue;
}

}  // namespace spillway::report
