#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "report/records.hpp"

namespace spillway::report {

struct Sample {
    Time time = 0;
    double value = 0.0;
    bool operator==(const Sample&) const = default;
};

// The newest sample at or before `time` that is at most `hold` old.
std::optional<double> value_at(std::span<const Sample> samples, Time time, Duration hold);

// A series thinned to its last value per minute: minute t holds what fell into (t - 1 min, t], so a
// bar that closes at 00:05:00 is the value of 00:05. Memory is bounded by `capacity` samples; the
// oldest go first. Not thread-safe.
class MinuteSeries {
public:
    explicit MinuteSeries(std::size_t capacity);

    // Returns true if old samples were given up to make room.
    bool add(Time time, double value);

    // True if the next `add` may give up old samples.
    bool full() const { return samples_.size() >= capacity_; }

    std::span<const Sample> samples() const { return samples_; }
    bool trimmed() const { return trimmed_; }

private:
    std::size_t capacity_;
    std::vector<Sample> samples_;
    Time newest_ = 0;  // exact time of the newest record
    bool trimmed_ = false;
};

// Side sums per minute, with the same minutes and the same bound.
struct SidedSample {
    Time time = 0;
    double longs = 0.0;
    double shorts = 0.0;
};

class MinuteSums {
public:
    explicit MinuteSums(std::size_t capacity);
    void add(Time time, Side side, double amount);
    std::span<const SidedSample> samples() const { return samples_; }

private:
    std::size_t capacity_;
    std::vector<SidedSample> samples_;
};

}  // namespace spillway::report
