#include "price_step.hpp"

#include <cmath>
#include <initializer_list>

namespace spillway::rollup {
namespace {

/// Whatever lies beyond shares it: an absurd price is no reason to end the run.
constexpr double farthest_level = 9e18;

}  // namespace

PriceStep::PriceStep(double step) noexcept : step_(step) {
    const double inverse = std::round(1 / step);
    if (step < 1 && std::abs(inverse * step - 1) < 1e-9) per_unit_ = inverse;
}

PriceStep PriceStep::for_price(double price) noexcept {
    const double limit = price / 1000 * (1 + 1e-12);  // 100 of 100,000 is not lost to rounding
    const double exponent = std::floor(std::log10(limit));
    // 10^-n is not exact, 1 / 10^n is the closest double.
    const auto scaled = [exponent](double mantissa) {
        return exponent < 0 ? mantissa / std::pow(10, -exponent)
                            : mantissa * std::pow(10, exponent);
    };
    for (const double mantissa : {5.0, 2.0}) {
        if (scaled(mantissa) <= limit) return PriceStep(scaled(mantissa));
    }
    return PriceStep(scaled(1));
}

std::int64_t PriceStep::level_of(double price) const noexcept {
    const double levels = per_unit_ > 0 ? price * per_unit_ : price / step_;
    // A price on the border (0.3 of step 0.1) belongs to the level that it begins.
    const double nearest = std::round(levels);
    const bool on_border = std::abs(levels - nearest) < 1e-9 * std::abs(nearest);
    const double level = on_border ? nearest : std::floor(levels);
    if (!(std::abs(level) <= farthest_level)) [[unlikely]]
        return static_cast<std::int64_t>(level > 0 ? farthest_level : -farthest_level);
    return static_cast<std::int64_t>(level);
}

double PriceStep::price_of(std::int64_t level) const noexcept {
    const auto number = static_cast<double>(level);
    return per_unit_ > 0 ? number / per_unit_ : number * step_;
}

}  // namespace spillway::rollup
