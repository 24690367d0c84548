#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

namespace spillway::liquidation_risk {

/// Median of the values, which are reordered: the mean of the middle two if their number is even.
/// Needs at least one value.
inline double median_in_place(std::span<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1) return *middle;
    return 0.5 * (*std::max_element(values.begin(), middle) + *middle);
}

/// (x - median) / (1.4826 MAD): the standard score that a few wild values cannot move. The median
/// absolute deviation has a floor, so a history that never moved does not divide by zero.
inline double robust_z(double x, std::vector<double> history, double mad_floor = 1e-9) {
    const double median = median_in_place(history);
    for (double& value : history) value = std::abs(value - median);
    const double mad = std::max(median_in_place(history), mad_floor);
    return (x - median) / (1.4826 * mad);
}

}  // namespace spillway::liquidation_risk
