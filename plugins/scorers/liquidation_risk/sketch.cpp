#include "sketch.hpp"

#include <algorithm>
#include <cmath>

namespace spillway::liquidation_risk {

namespace {

constexpr int bins = 2 * Sketch::max_bin + 1;
constexpr double bin_growth = 1.02;

constexpr std::size_t tree_index(int bin) {
    const int index = bin + Sketch::max_bin + 1;
    return static_cast<std::size_t>(index);
}

}  // namespace

void SketchDay::add(std::int16_t bin) {
    const auto place = std::lower_bound(bins.begin(), bins.end(), bin,
                                        [](const Bin& b, std::int16_t key) { return b.bin < key; });
    if (place != bins.end() && place->bin == bin) {
        ++place->count;
    } else {
        bins.insert(place, Bin{bin, 1});
    }
}

std::int16_t Sketch::bin(double x, double x0) {
    const double magnitude = std::abs(x);
    if (!(magnitude >= x0)) return 0;
    const double level = 1.0 + std::floor(std::log(magnitude / x0) / std::log(bin_growth));
    const int level_in_range = static_cast<int>(std::min(level, static_cast<double>(max_bin)));
    return static_cast<std::int16_t>(x < 0 ? -level_in_range : level_in_range);
}

void Sketch::rotate(std::int64_t day) {
    if (!days_.empty() && days_.back().day >= day) return;
    const auto too_old = [&](const SketchDay& d) { return d.day < day - completed_days_; };
    for (const SketchDay& d : days_) {
        if (!too_old(d)) continue;
        for (const auto& [bin, count] : d.bins) tree_add(bin, -static_cast<std::int64_t>(count));
    }
    std::erase_if(days_, too_old);
    days_.push_back({day, {}});
}

void Sketch::insert(double x) {
    const std::int16_t b = bin(x, x0_);
    days_.back().add(b);
    tree_add(b, 1);
}

std::optional<double> Sketch::rank(double x, double min_count) const {
    const auto n = static_cast<double>(count_);
    if (count_ == 0 || n < min_count) return std::nullopt;
    if (last_answer_.valid && last_answer_.x == x) return last_answer_.rank;
    const int b = bin(x, x0_);
    const std::uint64_t below = tree_count_through(b - 1);
    const std::uint64_t inside = tree_count_through(b) - below;
    last_answer_ = {x, (static_cast<double>(below) + 0.5 * static_cast<double>(inside)) / n, true};
    return last_answer_.rank;
}

std::optional<double> Sketch::median() const {
    if (count_ == 0) return std::nullopt;
    std::uint64_t wanted = (count_ + 1) / 2;
    std::size_t position = 0;
    for (std::size_t stride = 2048; stride > 0; stride /= 2) {
        const std::size_t next = position + stride;
        if (next < tree_.size() && tree_[next] < wanted) {
            position = next;
            wanted -= tree_[next];
        }
    }
    const int b = static_cast<int>(position) - max_bin;
    if (b == 0) return 0.0;
    const double middle = x0_ * std::pow(bin_growth, std::abs(b) - 0.5);
    return b < 0 ? -middle : middle;
}

void Sketch::tree_add(int bin, std::int64_t delta) {
    last_answer_.valid = false;
    if (tree_.empty()) tree_.assign(static_cast<std::size_t>(bins) + 1, 0);
    count_ = static_cast<std::uint64_t>(static_cast<std::int64_t>(count_) + delta);
    for (std::size_t i = tree_index(bin); i < tree_.size(); i += i & (~i + 1)) {
        tree_[i] = static_cast<std::uint32_t>(static_cast<std::int64_t>(tree_[i]) + delta);
    }
}

std::uint64_t Sketch::tree_count_through(int bin) const {
    if (bin < -max_bin) return 0;
    std::uint64_t sum = 0;
    for (std::size_t i = tree_index(bin); i > 0; i &= i - 1) sum += tree_[i];
    return sum;
}

std::uint64_t Sketch::count_of_days() const {
    std::uint64_t sum = 0;
    for (const SketchDay& d : days_) {
        for (const auto& b : d.bins) sum += b.count;
    }
    return sum;
}

void Sketch::rebuild_tree() {
    tree_.clear();
    count_ = 0;
    for (const SketchDay& d : days_) {
        for (const auto& [bin, count] : d.bins) tree_add(bin, static_cast<std::int64_t>(count));
    }
}

}  // namespace spillway::liquidation_risk
