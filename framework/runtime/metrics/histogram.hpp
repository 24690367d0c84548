#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "runtime/metrics/counters.hpp"

namespace spillway::runtime {

/// Distribution of positive integers (nanoseconds) in buckets of 1/16 of a power of two: relative
/// error at most 6.25 %. One thread records at a time; any may read.
class Histogram {
public:
    void record(std::uint64_t value, std::uint64_t times = 1) noexcept {
        buckets_[bucket_of(value)].add(times);
        sum_.add(value * times);
    }
    [[nodiscard]] std::uint64_t count() const noexcept {
        std::uint64_t total = 0;
        for (const Counter& bucket : buckets_) total += bucket.get();
        return total;
    }
    [[nodiscard]] std::uint64_t sum() const noexcept { return sum_.get(); }
    /// Upper bound of the bucket that holds the q-quantile; 0 when empty.
    [[nodiscard]] std::uint64_t quantile(double q) const noexcept {
        const auto rank = static_cast<std::uint64_t>(q * static_cast<double>(count()));
        std::uint64_t seen = 0;
        for (std::size_t i = 0; i < buckets_.size(); ++i) {
            seen += buckets_[i].get();
            if (seen > rank) return upper_bound(i);
        }
        return 0;
    }
    /// How many values were at most `bound`, to the precision of the buckets.
    [[nodiscard]] std::uint64_t count_up_to(std::uint64_t bound) const noexcept {
        std::uint64_t seen = 0;
        for (std::size_t i = 0; i < buckets_.size() && upper_bound(i) <= bound; ++i) {
            seen += buckets_[i].get();
        }
        return seen;
    }

private:
    static constexpr unsigned steps_log2 = 4;
    static constexpr std::size_t steps = 1U << steps_log2;

    static std::size_t bucket_of(std::uint64_t value) noexcept {
        if (value < steps) return static_cast<std::size_t>(value);
        const auto power = static_cast<unsigned>(std::bit_width(value)) - 1;
        const std::uint64_t step = (value >> (power - steps_log2)) & (steps - 1);
        return (power - steps_log2 + 1) * steps + static_cast<std::size_t>(step);
    }
    static std::uint64_t upper_bound(std::size_t bucket) noexcept {
        if (bucket < steps) return bucket;
        const auto power = static_cast<unsigned>(bucket / steps) - 1;
        return ((steps + bucket % steps + 1) << power) - 1;
    }

    std::array<Counter, 61 * steps> buckets_;
    Counter sum_;
};

}  // namespace spillway::runtime
