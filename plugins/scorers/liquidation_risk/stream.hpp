#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/time.hpp>

namespace spillway::liquidation_risk {

/// Where a value comes from, by text: handles of names are not stored and give no order.
struct StreamKey {
    std::string venue;
    std::string instrument;

    friend auto operator<=>(const StreamKey&, const StreamKey&) = default;

    template <class Archive>
    void fields(Archive& io) {
        io(1, venue);
        io(2, instrument);
    }
};

/// A stream's key and clock. A value is stale when it is older than three expected intervals
/// (exactly three is fresh); expected is the declared interval, else the kind's usual one.
struct Stream {
    StreamKey key;
    Time newest = time_before_all;
    Duration declared = 0;  // poll, bar or funding interval; 0 = none declared

    /// At most 10,000 days: three of them after any real time are still a time.
    Duration expected(Duration otherwise = minute) const {
        return std::min(declared > 0 ? declared : otherwise, 10'000 * day);
    }
    bool seen() const { return newest != time_before_all; }
    /// The last moment at which the newest value is fresh.
    Time fresh_until(Duration otherwise = minute) const {
        return seen() ? newest + 3 * expected(otherwise) : time_before_all;
    }
    bool fresh(Time now, Duration otherwise = minute) const {
        return now <= fresh_until(otherwise);
    }

    template <class Archive>
    void fields(Archive& io) {
        io(1, key);
        io(2, newest);
        io(3, declared);
    }
};

/// Index of the stream with this key, added if it is new. Linear: callers remember the index.
template <class S>
std::uint32_t find_or_add(std::vector<S>& streams, std::string_view venue,
                          std::string_view instrument) {
    for (std::size_t i = 0; i < streams.size(); ++i) {
        const StreamKey& key = streams[i].stream.key;
        if (key.venue == venue && key.instrument == instrument) {
            return static_cast<std::uint32_t>(i);
        }
    }
    streams.emplace_back().stream.key = {std::string(venue), std::string(instrument)};
    return static_cast<std::uint32_t>(streams.size() - 1);
}

}  // namespace spillway::liquidation_risk
