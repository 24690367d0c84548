#include "report/series.hpp"

#include <algorithm>
#include <iterator>

namespace spillway::report {
namespace {

// End of the minute (t - 1 min, t] that holds `time`.
Time minute_close(Time time) {
    const Time remainder = time % minute;
    if (remainder == 0) {
        return time;
    }
    return time - remainder + (remainder > 0 ? minute : 0);
}

// Giving up an eighth at a time keeps the cost of moving the rest constant per sample.
template <class T>
bool make_room(std::vector<T>& samples, std::size_t capacity) {
    if (samples.size() < capacity) {
        return false;
    }
    const auto drop = std::max<std::size_t>(1, capacity / 8);
    samples.erase(samples.begin(), std::next(samples.begin(), static_cast<std::ptrdiff_t>(drop)));
    return true;
}

template <class T>
auto lower_bound_by_time(std::vector<T>& samples, Time time) {
    return std::lower_bound(samples.begin(), samples.end(), time,
                            [](const T& sample, Time t) { return sample.time < t; });
}

}  // namespace

std::optional<double> value_at(std::span<const Sample> samples, Time time, Duration hold) {
    const auto after = std::upper_bound(samples.begin(), samples.end(), time,
                                        [](Time t, const Sample& s) { return t < s.time; });
    if (after == samples.begin() || time - std::prev(after)->time > hold) {
        return std::nullopt;
    }
    return std::prev(after)->value;
}

MinuteSeries::MinuteSeries(std::size_t capacity) : capacity_{std::max<std::size_t>(capacity, 8)} {}

bool MinuteSeries::add(Time time, double value) {
    const Time close = minute_close(time);
    if (!samples_.empty() && close == samples_.back().time) {
        if (time >= newest_) {
            samples_.back().value = value;
            newest_ = time;
        }
        return false;
    }
    if (samples_.empty() || close > samples_.back().time) {
        const bool dropped = make_room(samples_, capacity_);
        trimmed_ = trimmed_ || dropped;
        samples_.push_back({close, value});
        newest_ = time;
        return dropped;
    }
    // A record behind its stream fills a minute that had nothing; a minute that has a value keeps
    // it.
    const auto place = lower_bound_by_time(samples_, close);
    if (place->time != close && !full()) {
        samples_.insert(place, {close, value});
    }
    return false;
}

MinuteSums::MinuteSums(std::size_t capacity) : capacity_{std::max<std::size_t>(capacity, 8)} {}

void MinuteSums::add(Time time, Side side, double amount) {
    const Time close = minute_close(time);
    auto place = lower_bound_by_time(samples_, close);
    if (place == samples_.end() || place->time != close) {
        if (place == samples_.begin() && samples_.size() >= capacity_) {
            return;  // older than everything that is still kept
        }
        if (make_room(samples_, capacity_)) {
            place = lower_bound_by_time(samples_, close);
        }
        place = samples_.insert(place, {close, 0.0, 0.0});
    }
    (side == Side::longs ? place->longs : place->shorts) += amount;
}

}  // namespace spillway::report
