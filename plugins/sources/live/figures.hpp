#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <string_view>

#include <spillway/metrics.hpp>
#include <spillway/time.hpp>

#include "cause.hpp"

namespace spillway::live {

/// A number with one writer, the I/O thread, that others may read.
template <class T>
class Figure {
public:
    void operator+=(T more) noexcept { set(get() + more); }
    void set(T value) noexcept { value_.store(value, std::memory_order_relaxed); }
    [[nodiscard]] T get() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<T> value_{};
};

struct SocketFigures {
    std::string name;
    Figure<std::uint64_t> frames, bytes, connects, gaps;
    Figure<std::int64_t> open, topics, refused;
    std::array<Figure<std::uint64_t>, cause_count> over;
};

struct QuotaFigures {
    std::string name;
    Figure<double> left, amount;
    Figure<std::uint64_t> penalties;
};

/// Counts by ranges, in the terms of MetricWriter::histogram.
class LagHistogram {
public:
    static constexpr std::array<double, 10> bounds = {0.005, 0.01, 0.025, 0.05, 0.1,
                                                      0.25,  0.5,  1,     2.5,  10};
    void observe(Duration lag) noexcept;
    void write(MetricWriter& out) const;

private:
    std::array<Figure<std::uint64_t>, bounds.size() + 1> counts_;
    Figure<double> sum_;
};

/// What the driver counts. Written on the I/O thread, read from any.
class Figures {
public:
    /// Those of this name, new at first; they stay where they are.
    [[nodiscard]] SocketFigures& socket(std::string_view name);
    [[nodiscard]] QuotaFigures& quota(std::string_view name);

    Figure<std::uint64_t> polls, poll_failures, reply_bytes;
    Figure<std::uint64_t> plans, plan_failures;
    Figure<std::int64_t> missing;  ///< things asked for that the venue does not have
    LagHistogram lag;

    void write(MetricWriter& out) const;
    template <class Call>
    void for_each_quota(Call&& call) const {
        const std::lock_guard lock(mutex_);
        for (const QuotaFigures& quota : quotas_) call(quota);
    }

private:
    mutable std::mutex mutex_;  ///< of the lists, not of what they hold
    std::list<SocketFigures> sockets_;
    std::list<QuotaFigures> quotas_;
};

}  // namespace spillway::live
