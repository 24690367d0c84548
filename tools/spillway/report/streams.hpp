#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "report/records.hpp"
#include "report/series.hpp"

namespace spillway::report {

// One series of one venue with its extremes over the whole run.
struct Stream {
    Stream(Duration expected_interval, std::size_t capacity)
        : interval{expected_interval}, series{capacity} {}

    Duration interval;  // 0: an event stream
    MinuteSeries series;
    Time first = 0;
    Time last = 0;
    double last_value = 0.0;
    double low = 0.0;
    double high = 0.0;
    Time low_time = 0;
    Time high_time = 0;

    // `lowest` and `highest` are the extremes of a bar; of a single value they are the value.
    void add(Time time, double value, double lowest, double highest);
};

struct NamedStream {
    std::string_view name;
    const Stream* stream = nullptr;
};

// The streams of one quantity of one market. At most `max_streams` are followed; when there are
// more, a stream with a shorter interval takes the place of the coarsest.
class StreamSet {
public:
    StreamSet(std::size_t max_streams, std::size_t capacity);

    // The stream to add to, or null if finer streams fill the set. Owned by the set.
    Stream* find_or_add(std::string_view name, Duration interval);

    // The one to judge by: of those that cover at least half as long as the longest, the one with
    // the shortest interval, then (for open interest) the largest value, then the first name.
    std::optional<NamedStream> best(bool prefer_large = false) const;

private:
    std::size_t max_streams_;
    std::size_t capacity_;
    std::map<std::string, Stream, std::less<>> streams_;
};

}  // namespace spillway::report
