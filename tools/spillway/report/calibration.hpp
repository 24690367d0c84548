#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

// How good probabilities are. `p` are forecasts in 0..1, `y` what happened; both spans are of equal
// length, one pair a forecast, and must not be empty unless a function says otherwise.
namespace spillway::report {

// brier = reliability - resolution + uncertainty, with forecasts of equal p as one group.
struct Brier {
    double score = 0.0;
    double reliability = 0.0;
    double resolution = 0.0;
    double uncertainty = 0.0;

    // 1 - score / uncertainty: skill against the constant base rate. Absent if y never varies.
    std::optional<double> skill() const;
};
Brier brier(std::span<const double> p, std::span<const bool> y);

struct ReliabilityBin {
    std::size_t count = 0;
    double mean_forecast = 0.0;
    double observed = 0.0;
};

// Ten equal bins over 0..1, the upper edge of the last included; empty bins have count 0.
std::vector<ReliabilityBin> reliability_bins(std::span<const double> p, std::span<const bool> y);

// Expected calibration error: mean |forecast - observed| of the ten bins, weighted by count.
double expected_calibration_error(std::span<const double> p, std::span<const bool> y);

struct Confusion {
    std::size_t true_positive = 0;
    std::size_t false_negative = 0;
    std::size_t false_positive = 0;
    std::size_t true_negative = 0;
};

// Matthews correlation coefficient, -1..1; 0 if a row or column of the table is empty.
double matthews_correlation(const Confusion& table);

// Isotonic regression by pooling adjacent violators: the non-decreasing sequence nearest to `y` in
// squares. `weights` may be empty (all 1).
std::vector<double> isotonic(std::span<const double> y, std::span<const double> weights = {});

}  // namespace spillway::report
