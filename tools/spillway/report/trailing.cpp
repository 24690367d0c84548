#include "report/trailing.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace spillway::report {

void TrailingDeviation::add(double x) {
    ++count_;
    sum_ += x;
    squares_ += x * x;
}

void TrailingDeviation::remove(double x) {
    --count_;
    sum_ -= x;
    squares_ -= x * x;
}

std::optional<double> TrailingDeviation::value() const {
    if (count_ < 2) {
        return std::nullopt;
    }
    const auto n = static_cast<double>(count_);
    const double variance = (squares_ - sum_ * sum_ / n) / (n - 1.0);
    return std::sqrt(std::max(variance, 0.0));  // rounding can leave a constant series below zero
}

TrailingQuantile::TrailingQuantile(std::span<const double> universe)
    : sorted_(universe.begin(), universe.end()) {
    std::sort(sorted_.begin(), sorted_.end());
    sorted_.erase(std::unique(sorted_.begin(), sorted_.end()), sorted_.end());
    fenwick_.assign(sorted_.size() + 1, 0);
}

void TrailingQuantile::add(double x) {
    change(x, 1);
    ++count_;
}

void TrailingQuantile::remove(double x) {
    change(x, -1);
    --count_;
}

void TrailingQuantile::change(double x, std::ptrdiff_t by) {
    const auto found = std::lower_bound(sorted_.begin(), sorted_.end(), x);
    auto i = static_cast<std::size_t>(found - sorted_.begin()) + 1;
    for (; i < fenwick_.size(); i += i & (~i + 1)) {
        fenwick_[i] += by;
    }
}

std::optional<double> TrailingQuantile::value(double q) const {
    if (count_ == 0) {
        return std::nullopt;
    }
    // The guard keeps .995 * 200 = 199.00000000000003 from asking for the 200th value.
    const double wanted = std::ceil(q * static_cast<double>(count_) - 1e-9);
    auto rank = std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(wanted), 1,
                                           static_cast<std::ptrdiff_t>(count_));
    std::size_t index = 0;
    for (std::size_t step = std::bit_floor(sorted_.size()); step > 0; step /= 2) {
        if (index + step < fenwick_.size() && fenwick_[index + step] < rank) {
            index += step;
            rank -= fenwick_[index];
        }
    }
    return sorted_[index];
}

}  // namespace spillway::report
