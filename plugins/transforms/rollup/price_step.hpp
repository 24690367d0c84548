#pragma once

#include <cstdint>

namespace spillway::rollup {

/// The width of a market's price levels.
class PriceStep {
public:
    PriceStep() = default;
    explicit PriceStep(double step) noexcept;
    /// The largest 1, 2 or 5 times a power of ten that is at most a thousandth of the price.
    [[nodiscard]] static PriceStep for_price(double price) noexcept;

    [[nodiscard]] bool known() const noexcept { return step_ > 0; }
    /// Number of the level that holds the price: floor(price / step).
    [[nodiscard]] std::int64_t level_of(double price) const noexcept;
    /// Lower bound of a level, the double closest to its decimal form.
    [[nodiscard]] double price_of(std::int64_t level) const noexcept;

    template <class Archive>
    void fields(Archive& io) {
        io(1, step_);
        io(2, per_unit_);
    }

private:
    double step_ = 0;
    double per_unit_ = 0;  ///< steps in one, if that is a whole number; else 0
};

}  // namespace spillway::rollup
