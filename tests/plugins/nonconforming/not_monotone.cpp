#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Falls when a component grows.
class NotMonotone : public TwoComponents<NotMonotone> {
public:
    static constexpr About about = about_scorer("not_monotone");

    double combine(const Context&, std::span<const double> points, std::size_t) const {
        return std::clamp(50 + points[0] - points[1], 0.0, 100.0);
    }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::NotMonotone)
