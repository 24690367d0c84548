#include "liquidations.hpp"

#include <algorithm>
#include <cmath>

namespace spillway::liquidation_risk {

namespace {

constexpr Duration not_present = -1;

bool usable(const BySide& usd) {
    return std::isfinite(usd.longs) && std::isfinite(usd.shorts) && usd.longs >= 0 &&
           usd.shorts >= 0;
}

}  // namespace

bool Liquidations::Venue::has_member(std::string_view venue) const {
    std::string_view rest = name;
    while (true) {
        const std::size_t plus = rest.find('+');
        if (rest.substr(0, plus) == venue) return true;
        if (plus == std::string_view::npos) return false;
        rest.remove_prefix(plus + 1);
    }
}

Liquidations::Index Liquidations::venue(std::string_view name, bool on_chain) {
    for (std::size_t i = 0; i < venues_.size(); ++i) {
        if (venues_[i].name == name) return static_cast<Index>(i);
    }
    Venue& added = venues_.emplace_back();
    added.name = name;
    added.on_chain = on_chain;
    best_.reserve(venues_.size());
    accepted_.reserve(venues_.size());
    return static_cast<Index>(venues_.size() - 1);
}

Liquidations::Source& Liquidations::source(Index venue, std::string_view instrument,
                                           Duration interval) {
    for (Source& s : streams_) {
        if (s.venue == venue && s.stream.declared == interval &&
            s.stream.key.instrument == instrument) {
            return s;
        }
    }
    Source& added = streams_.emplace_back();
    added.stream.key = {venues_[venue].name, std::string(instrument)};
    added.stream.declared = interval;
    added.venue = venue;
    selection_until_ = time_before_all;
    return added;
}

bool Liquidations::has_sums(Index venue) const {
    return std::any_of(streams_.begin(), streams_.end(),
                       [&](const Source& s) { return s.venue == venue && !s.single_orders(); });
}

void Liquidations::connection(Index venue, bool connected, About about) {
    Venue& v = venues_[venue];
    (about == About::venue ? v.connected : v.delivers) = connected;
    v.single_orders = v.single_orders || about == About::orders;
    if (!v.is_out() && (v.single_orders || !has_sums(venue))) source(venue, "", 0);
    selection_until_ = time_before_all;
}

std::optional<Liquidations::Change> Liquidations::order(Index venue, Side side, double usd,
                                                        Time time, Time now, Duration half_life) {
    BySide by_side;
    by_side.of(side) = usd;
    if (!usable(by_side)) {
        order_of_unknown_size(venue);
        return std::nullopt;
    }
    Source& s = source(venue, "", 0);
    const bool first = !s.stream.seen();
    if (first) selection_until_ = time_before_all;
    const double before = s.decayed.at(now, half_life).of(side);
    s.stream.newest = std::max(s.stream.newest, time);
    s.decayed.add(side, usd, time, half_life);
    s.recent.add(time, by_side);
    if (first) return std::nullopt;
    return Change{static_cast<Index>(&s - streams_.data()), before,
                  s.decayed.at(now, half_life).of(side)};
}

void Liquidations::sum(Index venue, std::string_view instrument, const BySide& usd, Time time,
                       Duration interval) {
    if (!usable(usd) || interval <= 0) return order_of_unknown_size(venue);
    Source& s = source(venue, instrument, interval);
    if (time < s.stream.newest) return;
    BySide added = usd;
    if (time == s.stream.newest) {
        added.longs = std::max(usd.longs - s.sum.longs, 0.0);
        added.shorts = std::max(usd.shorts - s.sum.shorts, 0.0);
        s.sum.longs += added.longs;
        s.sum.shorts += added.shorts;
    } else {
        if (time > s.stream.fresh_until()) selection_until_ = time_before_all;
        s.stream.newest = time;
        s.sum = usd;
    }
    if (interval <= longest_windowed_sum) s.recent.add(time, added);
}

bool Liquidations::present(const Source& s, Time now) const {
    const Venue& v = venues_[s.venue];
    if (v.is_out()) return false;
    if (!s.single_orders()) return s.stream.fresh(now);
    if (s.stream.seen()) return true;
    return v.has_said() && (v.single_orders || !has_sums(s.venue));
}

void Liquidations::advance(Time now) {
    for (Source& s : streams_) s.recent.forget_through(now - window);
    if (now > selection_until_) select(now);
}

bool Liquidations::overlaps(const Venue& sum, const Venue& other) {
    if (other.on_chain) return false;
    if (sum.unnamed_venues() || other.unnamed_venues()) return true;
    if (!other.several()) return sum.has_member(other.name);
    std::string_view rest = other.name;
    while (true) {
        const std::size_t plus = rest.find('+');
        if (sum.has_member(rest.substr(0, plus))) return true;
        if (plus == std::string_view::npos) return false;
        rest.remove_prefix(plus + 1);
    }
}

void Liquidations::select(Time now) {
    selection_until_ = time_never;
    best_.assign(venues_.size(), not_present);
    for (const Source& s : streams_) {
        if (!present(s, now)) continue;
        Duration& best = best_[s.venue];
        if (best == not_present || s.stream.declared < best) best = s.stream.declared;
        if (!s.single_orders())
            selection_until_ = std::min(selection_until_, s.stream.fresh_until());
    }

    accepted_.clear();
    const auto is_single = [&](Index v) { return !venues_[v].several(); };
    std::vector<Index>& sums = accepted_;  // candidates first, then filtered in place
    for (Index v = 0; v < venues_.size(); ++v) {
        if (best_[v] != not_present && !is_single(v)) sums.push_back(v);
    }
    std::sort(sums.begin(), sums.end(), [&](Index a, Index b) {
        return best_[a] != best_[b] ? best_[a] < best_[b] : venues_[a].name < venues_[b].name;
    });
    std::size_t kept = 0;
    for (const Index v : sums) {
        bool told = false;
        for (Index other = 0; other < venues_.size() && !told; ++other) {
            told = best_[other] != not_present && is_single(other) &&
                   overlaps(venues_[v], venues_[other]);
        }
        for (std::size_t i = 0; i < kept && !told; ++i) {
            told = overlaps(venues_[v], venues_[sums[i]]);
        }
        if (!told) sums[kept++] = v;
    }
    sums.resize(kept);

    for (Source& s : streams_) {
        const bool of_counting_venue =
            is_single(s.venue) || std::find(sums.begin(), sums.end(), s.venue) != sums.end();
        s.counts = of_counting_venue && present(s, now) && s.stream.declared == best_[s.venue];
    }
}

std::optional<BySide> Liquidations::last_five_minutes(Time now) const {
    std::optional<BySide> total;
    for (const Source& s : streams_) {
        if (!s.counts || !present(s, now)) continue;
        if (!total) total.emplace();
        BySide usd = s.recent.usd();
        if (s.stream.declared > longest_windowed_sum && s.holds(now)) {
            const double share =
                static_cast<double>(window) / static_cast<double>(s.stream.declared);
            usd = {s.sum.longs * share, s.sum.shorts * share};
        }
        total->longs += usd.longs;
        total->shorts += usd.shorts;
    }
    return total;
}

/// By its own orders, or by a sum that counts.
bool Liquidations::is_told(std::string_view venue, Time now) const {
    return std::any_of(streams_.begin(), streams_.end(), [&](const Source& s) {
        if (!s.counts || !present(s, now)) return false;
        const Venue& by = venues_[s.venue];
        return by.name == venue || by.unnamed_venues() || by.has_member(venue);
    });
}

bool Liquidations::partial(Time now) const {
    return std::any_of(venues_.begin(), venues_.end(), [&](const Venue& v) {
        if (!v.is_out()) return false;
        if (v.unnamed_venues()) return true;
        for (std::string_view rest = v.name;;) {
            const std::size_t plus = rest.find('+');
            if (!is_told(rest.substr(0, plus), now)) return true;
            if (plus == std::string_view::npos) return false;
            rest.remove_prefix(plus + 1);
        }
    });
}

void Liquidations::levels(Time time, Duration half_life,
                          std::vector<CloseInputs::Liquidations>& out) const {
    out.resize(streams_.size());
    for (std::size_t i = 0; i < streams_.size(); ++i) {
        const Source& s = streams_[i];
        out[i].present = present(s, time);
        if (s.single_orders()) {
            out[i].usd = s.decayed.at(time, half_life);
        } else {
            out[i].usd = s.holds(time) ? s.sum : BySide{};
        }
    }
}

Time Liquidations::next_stale(Time now) const {
    Time next = time_never;
    for (const Source& s : streams_) {
        if (s.single_orders() || s.stream.fresh_until() < now) continue;
        next = std::min(next, s.stream.fresh_until() + 1);
    }
    return next;
}

std::vector<std::pair<std::string_view, Time>> Liquidations::present_venues(Time now) const {
    std::vector<std::pair<std::string_view, Time>> out;
    for (Index v = 0; v < venues_.size(); ++v) {
        std::optional<Time> newest;
        for (const Source& s : streams_) {
            if (s.venue != v || !present(s, now)) continue;
            newest = std::max(newest.value_or(time_before_all), s.stream.newest);
        }
        if (newest) out.emplace_back(venues_[v].name, *newest);
    }
    return out;
}

std::uint64_t Liquidations::unknown_orders() const {
    std::uint64_t count = 0;
    for (const Venue& v : venues_) count += v.unknown_orders;
    return count;
}

}  // namespace spillway::liquidation_risk
