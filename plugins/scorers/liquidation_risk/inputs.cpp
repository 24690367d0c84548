#include "inputs.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "grid.hpp"
#include "robust.hpp"

namespace spillway::liquidation_risk {

namespace {

constexpr Duration usual_funding_interval = 8 * hour;

bool usable(double value) { return std::isfinite(value) && value > 0; }

enum class Arrival { newer, same_time, old };

Arrival note(Stream& stream, Time time, Duration interval) {
    if (time < stream.newest) return Arrival::old;
    const Arrival arrival = time == stream.newest ? Arrival::same_time : Arrival::newer;
    stream.newest = time;
    stream.declared = interval;
    return arrival;
}

// Of all candidates the one with the smallest rank, then the first name.
template <class Streams, class Eligible, class Rank>
std::optional<Inputs::Index> best(const Streams& streams, Eligible eligible, Rank rank) {
    std::optional<Inputs::Index> chosen;
    decltype(rank(streams.front())) smallest{};
    for (std::size_t i = 0; i < streams.size(); ++i) {
        if (!eligible(streams[i])) continue;
        const auto r = rank(streams[i]);
        const bool better = !chosen || r < smallest ||
                            (r == smallest && streams[i].stream.key < streams[*chosen].stream.key);
        if (!better) continue;
        chosen = static_cast<Inputs::Index>(i);
        smallest = r;
    }
    return chosen;
}

}  // namespace

Inputs::Index Inputs::price_stream(std::string_view venue, std::string_view instrument) {
    const Index i = find_or_add(prices_, venue, instrument);
    prices_[i].open_interest = find_open_interest(prices_[i].stream.key);
    return i;
}

Inputs::Index Inputs::open_interest_stream(std::string_view venue, std::string_view instrument) {
    const Index i = find_or_add(open_interests_, venue, instrument);
    for (Price& p : prices_) p.open_interest = find_open_interest(p.stream.key);
    for (LongShort& s : long_shorts_) s.open_interest = find_open_interest(s.stream.key);
    return i;
}

Inputs::Index Inputs::funding_stream(std::string_view venue, std::string_view instrument) {
    const std::size_t before = fundings_.size();
    const Index i = find_or_add(fundings_, venue, instrument);
    if (fundings_.size() > before) {
        fundings_[i].venue = i;
        for (Index j = 0; j < i; ++j) {
            if (fundings_[j].stream.key.venue == venue) {
                fundings_[i].venue = fundings_[j].venue;
                break;
            }
        }
        scratch_.reserve(fundings_.size());
        venue_rates_.reserve(fundings_.size());
    }
    return i;
}

Inputs::Index Inputs::long_short_stream(std::string_view venue, std::string_view instrument,
                                        Population population) {
    for (std::size_t i = 0; i < long_shorts_.size(); ++i) {
        const LongShort& s = long_shorts_[i];
        if (s.population == population && s.stream.key.venue == venue &&
            s.stream.key.instrument == instrument) {
            return static_cast<Index>(i);
        }
    }
    LongShort& added = long_shorts_.emplace_back();
    added.stream.key = {std::string(venue), std::string(instrument)};
    added.population = population;
    added.open_interest = find_open_interest(added.stream.key);
    return static_cast<Index>(long_shorts_.size() - 1);
}

bool Inputs::price(Index stream, const PriceRecord& record) {
    Price& p = prices_[stream];
    const bool has_mark = record.mark && usable(*record.mark);
    const bool has_last = record.last && usable(*record.last);
    if (!has_mark && !has_last) return false;
    if (!has_mark && p.newest_mark != time_before_all &&
        record.time - p.newest_mark <= 3 * p.stream.expected()) {
        return false;
    }
    const double price = has_mark ? *record.mark : *record.last;
    const Arrival arrival = note(p.stream, record.time, record.interval);
    if (arrival == Arrival::old) return false;
    if (arrival == Arrival::same_time && record.interval > 0 && price < p.price) return false;
    p.price = price;
    p.log_price = std::log(price);
    p.basis.reset();
    if (has_mark) {
        p.newest_mark = record.time;
        if (record.index && usable(*record.index)) p.basis = price / *record.index - 1;
    }
    if (keep_samples_) p.samples.add(record.time, price);
    return true;
}

bool Inputs::open_interest(Index stream, Time time, Duration interval, std::optional<double> coins,
                           std::optional<double> usd) {
    OpenInterest& oi = open_interests_[stream];
    const bool has_coins = coins && usable(*coins);
    if (!has_coins && !(usd && usable(*usd))) return false;
    if (!has_coins && oi.coins && oi.stream.seen()) return false;  // one unit a stream
    const double value = has_coins ? *coins : *usd;
    const bool unit_changed = has_coins != oi.coins;
    const Arrival arrival = note(oi.stream, time, interval);
    if (arrival == Arrival::old) return false;
    if (arrival == Arrival::same_time && !unit_changed && value < oi.value) return false;
    if (unit_changed) oi.samples = {};
    oi.coins = has_coins;
    oi.value = value;
    oi.log_value = std::log(value);
    if (keep_samples_) oi.samples.add(time, value);
    return true;
}

bool Inputs::funding(Index stream, Time time, Duration interval, double rate,
                     double interval_hours) {
    if (!std::isfinite(rate) || !usable(interval_hours)) return false;
    Funding& f = fundings_[stream];
    const Arrival arrival = note(f.stream, time, interval);
    if (arrival == Arrival::old) return false;
    if (arrival == Arrival::same_time && std::abs(rate) < std::abs(f.rate)) return false;
    f.rate = rate;
    f.rate_8h = rate * 8 / interval_hours;
    return true;
}

bool Inputs::long_short(Index stream, Time time, Duration interval, double ratio) {
    if (!usable(ratio)) return false;
    LongShort& s = long_shorts_[stream];
    const Arrival arrival = note(s.stream, time, interval);
    if (arrival == Arrival::old) return false;
    if (arrival == Arrival::same_time && ratio < s.ratio) return false;
    s.ratio = ratio;
    return true;
}

std::optional<Inputs::Index> Inputs::find_open_interest(const StreamKey& key) const {
    for (std::size_t i = 0; i < open_interests_.size(); ++i) {
        if (open_interests_[i].stream.key == key) return static_cast<Index>(i);
    }
    return std::nullopt;
}

double Inputs::coins_of(std::optional<Index> open_interest) const {
    if (!open_interest || !open_interests_[*open_interest].coins) return 0;
    return open_interests_[*open_interest].value;
}

std::optional<Inputs::Index> Inputs::choose_price(Time now, Duration coarsest) const {
    return best(
        prices_,
        [&](const Price& p) {
            return p.stream.fresh(now) && Grid::of_stream(p.stream.declared).step <= coarsest;
        },
        [&](const Price& p) {
            return std::tuple(p.stream.expected(), !p.ticks(), -coins_of(p.open_interest));
        });
}

std::optional<Inputs::Index> Inputs::choose_open_interest(Time now) const {
    return best(
        open_interests_, [&](const OpenInterest& oi) { return oi.stream.fresh(now); },
        [](const OpenInterest& oi) {
            return std::tuple(!oi.coins, oi.stream.expected(), -oi.value);
        });
}

std::optional<Inputs::Index> Inputs::choose_long_short(Time now) const {
    return best(
        long_shorts_, [&](const LongShort& s) { return s.stream.fresh(now); },
        [&](const LongShort& s) {
            return std::tuple(s.population, s.stream.expected(), -coins_of(s.open_interest));
        });
}

template <class Rate>
std::optional<double> Inputs::median_funding(Time now, Rate rate) const {
    scratch_.clear();
    for (std::size_t i = 0; i < fundings_.size(); ++i) {
        if (fundings_[i].venue != i) continue;  // the venue's first stream stands for the venue
        venue_rates_.clear();
        for (std::size_t j = i; j < fundings_.size(); ++j) {
            const Funding& f = fundings_[j];
            if (f.venue == i && fresh(f, now)) venue_rates_.push_back(rate(f));
        }
        if (!venue_rates_.empty()) scratch_.push_back(median_in_place(venue_rates_));
    }
    if (scratch_.empty()) return std::nullopt;
    return median_in_place(scratch_);
}

bool Inputs::fresh(const Funding& funding, Time now) {
    return funding.stream.fresh(now, usual_funding_interval);
}

std::optional<double> Inputs::funding_8h(Time now) const {
    return median_funding(now, [](const Funding& f) { return f.rate_8h; });
}

std::optional<double> Inputs::funding_as_sent(Time now) const {
    return median_funding(now, [](const Funding& f) { return f.rate; });
}

Time Inputs::next_stale(Time now) const {
    Time next = time_never;
    const auto consider = [&](const auto& streams, Duration usual) {
        for (const auto& s : streams) {
            const Time until = s.stream.fresh_until(usual);
            if (until >= now) next = std::min(next, until + 1);
        }
    };
    consider(prices_, minute);
    consider(open_interests_, minute);
    consider(fundings_, usual_funding_interval);
    consider(long_shorts_, minute);
    return next;
}

}  // namespace spillway::liquidation_risk
