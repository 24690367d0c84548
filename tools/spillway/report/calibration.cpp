#include "report/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace spillway::report {

std::optional<double> Brier::skill() const {
    if (!(uncertainty > 0.0)) {
        return std::nullopt;
    }
    return 1.0 - score / uncertainty;
}

Brier brier(std::span<const double> p, std::span<const bool> y) {
    struct Group {
        double count = 0.0;
        double events = 0.0;
    };
    std::map<double, Group> groups;
    Brier result;
    double events = 0.0;
    for (std::size_t i = 0; i < p.size(); ++i) {
        const double outcome = y[i] ? 1.0 : 0.0;
        result.score += (p[i] - outcome) * (p[i] - outcome);
        events += outcome;
        Group& group = groups[p[i]];
        group.count += 1.0;
        group.events += outcome;
    }
    const auto n = static_cast<double>(p.size());
    const double base = events / n;
    for (const auto& [forecast, group] : groups) {
        const double observed = group.events / group.count;
        result.reliability += group.count * (forecast - observed) * (forecast - observed);
        result.resolution += group.count * (observed - base) * (observed - base);
    }
    result.score /= n;
    result.reliability /= n;
    result.resolution /= n;
    result.uncertainty = base * (1.0 - base);
    return result;
}

std::vector<ReliabilityBin> reliability_bins(std::span<const double> p, std::span<const bool> y) {
    std::vector<ReliabilityBin> bins(10);
    for (std::size_t i = 0; i < p.size(); ++i) {
        const double scaled = std::clamp(p[i] * 10.0, 0.0, 9.0);
        ReliabilityBin& bin = bins[static_cast<std::size_t>(scaled)];
        ++bin.count;
        bin.mean_forecast += p[i];
        bin.observed += y[i] ? 1.0 : 0.0;
    }
    for (ReliabilityBin& bin : bins) {
        if (bin.count > 0) {
            bin.mean_forecast /= static_cast<double>(bin.count);
            bin.observed /= static_cast<double>(bin.count);
        }
    }
    return bins;
}

double expected_calibration_error(std::span<const double> p, std::span<const bool> y) {
    double sum = 0.0;
    for (const ReliabilityBin& bin : reliability_bins(p, y)) {
        sum += static_cast<double>(bin.count) * std::abs(bin.mean_forecast - bin.observed);
    }
    return sum / static_cast<double>(p.size());
}

double matthews_correlation(const Confusion& table) {
    const auto tp = static_cast<double>(table.true_positive);
    const auto fn = static_cast<double>(table.false_negative);
    const auto fp = static_cast<double>(table.false_positive);
    const auto tn = static_cast<double>(table.true_negative);
    const double squares = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn);
    return squares > 0.0 ? (tp * tn - fp * fn) / std::sqrt(squares) : 0.0;
}

std::vector<double> isotonic(std::span<const double> y, std::span<const double> weights) {
    struct Block {
        double sum;
        double weight;
        std::size_t length;
        double mean() const { return sum / weight; }
    };
    std::vector<Block> blocks;
    for (std::size_t i = 0; i < y.size(); ++i) {
        const double weight = weights.empty() ? 1.0 : weights[i];
        blocks.push_back({y[i] * weight, weight, 1});
        while (blocks.size() > 1 && blocks[blocks.size() - 2].mean() >= blocks.back().mean()) {
            const Block last = blocks.back();
            blocks.pop_back();
            blocks.back().sum += last.sum;
            blocks.back().weight += last.weight;
            blocks.back().length += last.length;
        }
    }
    std::vector<double> fitted;
    fitted.reserve(y.size());
    for (const Block& block : blocks) {
        fitted.insert(fitted.end(), block.length, block.mean());
    }
    return fitted;
}

}  // namespace spillway::report
