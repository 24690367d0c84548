#include "flows.hpp"

#include <algorithm>
#include <cmath>

namespace spillway::stablecoin_pressure {

namespace {

constexpr std::string_view all_tokens = "ALL";
constexpr Duration fresh_intervals = 3;

}  // namespace

Flows::Class Flows::class_of(FlowType type) noexcept {
    switch (type) {
        case FlowType::mint:
        case FlowType::burn:
        case FlowType::supply:
            return Class::mint_burn;
        case FlowType::exchange_inflow:
        case FlowType::exchange_outflow:
        case FlowType::exchange_transfer:
        case FlowType::whale_transfer:
            break;
    }
    return Class::exchange_flow;
}

/// Transfers between exchanges or between strangers are counted, but move nothing in or out.
double Flows::sign_of(FlowType type) noexcept {
    switch (type) {
        case FlowType::mint:
        case FlowType::supply:
        case FlowType::exchange_outflow:
            return 1;
        case FlowType::burn:
        case FlowType::exchange_inflow:
            return -1;
        case FlowType::exchange_transfer:
        case FlowType::whale_transfer:
            break;
    }
    return 0;
}

std::uint32_t Flows::source_of(std::string_view name) {
    const auto known = std::find_if(sources_.begin(), sources_.end(),
                                    [&](const Source& source) { return source.name == name; });
    if (known != sources_.end()) return static_cast<std::uint32_t>(known - sources_.begin());
    sources_.emplace_back().name = name;
    return static_cast<std::uint32_t>(sources_.size() - 1);
}

void Flows::set_connected(std::string_view source, bool connected) {
    sources_[source_of(source)].link = connected ? Link::connected : Link::disconnected;
}

void Flows::observe(const Flow& flow, Time now, const Options& options) {
    const std::uint32_t source = source_of(flow.source);
    Feed& feed = sources_[source].feeds[static_cast<std::size_t>(class_of(flow.type))];
    // A record is proof of a connection.
    if (sources_[source].link == Link::disconnected) sources_[source].link = Link::unknown;

    if (flow.type == FlowType::supply) {
        if (!add_supply(flow, source, options)) return;
    } else if (flow.interval <= 0) {
        feed.single = true;
        feed.last_single = now;
        add_transfer(flow, source, options);
        return;
    } else {
        add_bar(flow, source, sign_of(flow.type) * flow.amount, flow.interval, flow.interval,
                options);
    }
    feed.sampled = true;
    feed.last_bar = now;
    if (flow.interval > 0) feed.interval = flow.interval;
}

void Flows::add_transfer(const Flow& flow, std::uint32_t source, const Options& options) {
    if (flow.amount < options.floor) return;
    const MicroUsd amount = std::llround(sign_of(flow.type) * flow.amount * 1e6);
    const Class kind = class_of(flow.type);
    auto place = transfers_.end();
    while (place != transfers_.begin() && flow.time < std::prev(place)->time) --place;
    transfers_.insert(place, {flow.time, amount, source, kind});
    sources_[source].feeds[static_cast<std::size_t>(kind)].transfers += amount;
}

void Flows::add_bar(const Flow& flow, std::uint32_t source, double amount, Duration span,
                    Duration hold, const Options& options) {
    Bar bar;
    bar.time = flow.time;
    bar.source = source;
    bar.type = flow.type;
    bar.token = flow.token;
    bar.chain = flow.chain;
    bar.spread = span > options.look_back;
    bar.amount = bar.spread
                     ? amount * static_cast<double>(options.look_back) / static_cast<double>(span)
                     : amount;
    bar.end = flow.time + (bar.spread ? std::max(hold, options.look_back) : options.look_back);
    // The successor replaces what was spread over the interval before. Bars of the same time stay
    // side by side: they concern different exchanges.
    std::erase_if(bars_, [&](const Bar& old) {
        return old.spread && old.source == source && old.type == bar.type &&
               old.token == bar.token && old.chain == bar.chain && old.time < bar.time;
    });
    bars_.push_back(std::move(bar));
}

bool Flows::add_supply(const Flow& flow, std::uint32_t source, const Options& options) {
    const auto previous = std::find_if(supplies_.begin(), supplies_.end(), [&](const Supply& old) {
        return old.source == source && old.token == flow.token && old.chain == flow.chain;
    });
    if (previous == supplies_.end()) {
        supplies_.push_back(
            {flow.time, flow.amount, source, std::string(flow.token), std::string(flow.chain)});
        return false;
    }
    const Duration span = flow.time - previous->time;
    if (span <= 0) return false;
    const double change = flow.amount - previous->amount;
    previous->time = flow.time;
    previous->amount = flow.amount;
    add_bar(flow, source, change, span, flow.interval > 0 ? flow.interval : span, options);
    Feed& feed = sources_[source].feeds[static_cast<std::size_t>(Class::mint_burn)];
    if (flow.interval <= 0) feed.interval = span;
    return true;
}

void Flows::advance(Time now, const Options& options) {
    while (!transfers_.empty() && transfers_.front().time <= now - options.look_back) {
        const Transfer& old = transfers_.front();
        sources_[old.source].feeds[static_cast<std::size_t>(old.kind)].transfers -= old.amount;
        transfers_.pop_front();
    }
    std::erase_if(bars_, [now](const Bar& bar) { return bar.end <= now; });
}

bool Flows::fresh(const Source& source, Class kind, Time now, const Options& options) noexcept {
    if (source.link == Link::disconnected) return false;
    const Feed& feed = source.feeds[static_cast<std::size_t>(kind)];
    const bool single = feed.single && (source.link == Link::connected ||
                                        now - feed.last_single <= options.look_back);
    return single || (feed.sampled && now - feed.last_bar <= fresh_intervals * feed.interval);
}

double Flows::bars_of(std::uint32_t source, Class kind, Time now) const {
    double tokens = 0;
    std::optional<double> all;
    for (const Bar& bar : bars_) {
        if (bar.source != source || class_of(bar.type) != kind || bar.end <= now) continue;
        if (bar.token == all_tokens) {
            all = all.value_or(0) + bar.amount;
        } else {
            tokens += bar.amount;
        }
    }
    return all.value_or(tokens);
}

Amounts Flows::assess(Time now, const Options& options) const {
    Amounts amounts;
    for (std::uint32_t i = 0; i < sources_.size(); ++i) {
        for (const Class kind : {Class::exchange_flow, Class::mint_burn}) {
            if (!fresh(sources_[i], kind, now, options)) continue;
            const Feed& feed = sources_[i].feeds[static_cast<std::size_t>(kind)];
            std::optional<double>& sum =
                kind == Class::exchange_flow ? amounts.net_outflow : amounts.net_mint;
            sum =
                sum.value_or(0) + static_cast<double>(feed.transfers) / 1e6 + bars_of(i, kind, now);
        }
    }
    amounts.large_transfers = static_cast<std::uint32_t>(transfers_.size());
    return amounts;
}

Time Flows::next_change(Time now, const Options& options) const noexcept {
    Time next = time_never;
    const auto at = [&](Time time) {
        if (time > now) next = std::min(next, time);
    };
    if (!transfers_.empty()) at(transfers_.front().time + options.look_back);
    for (const Bar& bar : bars_) at(bar.end);
    for (const Source& source : sources_) {
        if (source.link == Link::disconnected) continue;
        for (const Feed& feed : source.feeds) {
            // One nanosecond after the last moment at which it is fresh.
            if (feed.sampled) at(feed.last_bar + fresh_intervals * feed.interval + 1);
            if (feed.single && source.link == Link::unknown) {
                at(feed.last_single + options.look_back + 1);
            }
        }
    }
    return next;
}

}  // namespace spillway::stablecoin_pressure
