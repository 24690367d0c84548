#include "report/streams.hpp"

#include <algorithm>
#include <tuple>

namespace spillway::report {

void Stream::add(Time time, double value, double lowest, double highest) {
    if (series.samples().empty()) {
        first = time;
        low = lowest;
        high = highest;
        low_time = high_time = time;
    }
    series.add(time, value);
    if (time >= last) {
        last = time;
        last_value = value;
    }
    first = std::min(first, time);
    if (lowest < low) {
        low = lowest;
        low_time = time;
    }
    if (highest > high) {
        high = highest;
        high_time = time;
    }
}

StreamSet::StreamSet(std::size_t max_streams, std::size_t capacity)
    : max_streams_{std::max<std::size_t>(max_streams, 1)}, capacity_{capacity} {}

Stream* StreamSet::find_or_add(std::string_view name, Duration interval) {
    if (const auto found = streams_.find(name); found != streams_.end()) {
        return &found->second;
    }
    if (streams_.size() >= max_streams_) {
        const auto coarsest = std::max_element(
            streams_.begin(), streams_.end(),
            [](const auto& a, const auto& b) { return a.second.interval < b.second.interval; });
        if (coarsest->second.interval <= interval) {
            return nullptr;
        }
        streams_.erase(coarsest);
    }
    return &streams_.try_emplace(std::string{name}, interval, capacity_).first->second;
}

std::optional<NamedStream> StreamSet::best(bool prefer_large) const {
    Duration longest = 0;
    for (const auto& [name, stream] : streams_) {
        longest = std::max(longest, stream.last - stream.first);
    }
    std::optional<NamedStream> chosen;
    const auto rank = [&](const Stream& s) {
        return std::tuple{s.interval, prefer_large ? -s.last_value : 0.0};
    };
    for (const auto& [name, stream] : streams_) {
        if (stream.series.samples().empty() || (stream.last - stream.first) * 2 < longest) {
            continue;
        }
        if (!chosen || rank(stream) < rank(*chosen->stream)) {
            chosen = NamedStream{name, &stream};
        }
    }
    return chosen;
}

}  // namespace spillway::report
