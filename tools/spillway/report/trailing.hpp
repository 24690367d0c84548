#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace spillway::report {

// Sample standard deviation (n - 1) of a multiset that values enter and leave. O(1) a change.
class TrailingDeviation {
public:
    void add(double x);
    void remove(double x);
    std::size_t count() const { return count_; }
    std::optional<double> value() const;  // needs two values

private:
    std::size_t count_ = 0;
    double sum_ = 0.0;
    double squares_ = 0.0;
};

// Quantiles of a multiset that values enter and leave, O(log n) a change. All values that will ever
// enter are given at construction (a label is made after the run, so they are known).
class TrailingQuantile {
public:
    explicit TrailingQuantile(std::span<const double> universe);
    void add(double x);
    void remove(double x);
    std::size_t count() const { return count_; }

    // Nearest rank: the smallest value that at least a share `q` of the values do not exceed.
    std::optional<double> value(double q) const;

private:
    void change(double x, std::ptrdiff_t by);

    std::vector<double> sorted_;           // distinct values
    std::vector<std::ptrdiff_t> fenwick_;  // 1-based counts
    std::size_t count_ = 0;
};

}  // namespace spillway::report
