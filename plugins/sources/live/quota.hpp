#pragma once

#include <algorithm>
#include <cstdint>

#include <spillway/time.hpp>

#include "backoff.hpp"

namespace spillway::live {

/// A day at most: numbers that plans and venues give may be absurd.
[[nodiscard]] constexpr Duration bounded_duration(double nanoseconds) noexcept {
    return static_cast<Duration>(std::min(nanoseconds, static_cast<double>(day)));
}

/// A budget of requests. In no span of the quota's length more is spent than its amount: a quarter
/// of it (or the heaviest request) may go at once, the rest comes evenly. What the venue's headers
/// say corrects it, and a penalty closes it for a while.
class Bucket {
public:
    /// Without an amount there is no limit, only penalties.
    Bucket() noexcept = default;
    Bucket(double amount, Duration per, double heaviest) noexcept
        : amount_(amount),
          burst_(std::min(std::max(amount / 4, heaviest), 0.9 * amount)),
          rate_((amount - burst_) / static_cast<double>(per)),
          tokens_(burst_) {}

    /// Earliest time at which a request of this weight may go; not later than `now`: it may.
    [[nodiscard]] Time ready(double weight, Time now) noexcept {
        refill(now);
        Time time = closed_until_;
        if (rate_ > 0) {
            const double lacking = std::min(weight, burst_) - tokens_;
            if (lacking > 0) time = std::max(time, now + bounded_duration(lacking / rate_) + 1);
        }
        return time;
    }
    void spend(double weight, Time now) noexcept {
        refill(now);
        if (rate_ > 0) tokens_ -= weight;
    }
    /// From the venue's headers. However much they say is used, it is free again after the quota's
    /// length, so that is the longest wait.
    void correct_used(double used) noexcept { correct_left(amount_ - used); }
    void correct_left(double left) noexcept {
        if (rate_ <= 0) return;
        const double refill_of_length = amount_ - burst_;
        tokens_ = std::min(tokens_, std::max(left, burst_ - refill_of_length));
        told_left_ = left;
    }
    /// A penalty; answers for how long.
    Duration close(std::uint16_t status, std::optional<Duration> retry_after, Time now) noexcept {
        const Duration pause = pause_after(status, penalties_++, retry_after);
        closed_until_ = std::max(closed_until_, now + pause);
        return pause;
    }
    void good_reply() noexcept { penalties_ = 0; }
    [[nodiscard]] bool is_closed(Time now) const noexcept { return now < closed_until_; }
    [[nodiscard]] double amount() const noexcept { return amount_; }
    /// What the venue said last, or what we have not spent by our own count.
    [[nodiscard]] double left() const noexcept {
        return std::max(0.0, told_left_ >= 0 ? told_left_ : tokens_ + amount_ - burst_);
    }

private:
    void refill(Time now) noexcept {
        if (now > filled_ && filled_ != time_before_all) {
            tokens_ = std::min(burst_, tokens_ + rate_ * static_cast<double>(now - filled_));
        }
        filled_ = std::max(filled_, now);
    }

    double amount_ = 0, burst_ = 0, rate_ = 0, tokens_ = 0;
    double told_left_ = -1;
    Time filled_ = time_before_all;
    Time closed_until_ = time_before_all;
    std::uint32_t penalties_ = 0;  ///< in a row
};

/// Spaces what may happen so often in a time, without bursts: connections, messages.
class Pacer {
public:
    Pacer() noexcept = default;
    explicit Pacer(Duration gap) noexcept : gap_(gap) {}
    /// Behind those that are taken from now on.
    void set_gap(Duration gap) noexcept { gap_ = gap; }
    /// When the next may happen; it is taken.
    [[nodiscard]] Time take(Time now) noexcept {
        const Time time = std::max(now, next_);
        next_ = time + gap_;
        return time;
    }
    [[nodiscard]] Time next() const noexcept { return next_; }

private:
    Duration gap_ = 0;
    Time next_ = time_before_all;
};

/// The gap between things of which `rate` may happen per `per`; 0: none.
[[nodiscard]] constexpr Duration gap_of(double rate, Duration per) noexcept {
    return rate > 0 ? bounded_duration(static_cast<double>(per) / rate) : 0;
}

}  // namespace spillway::live
