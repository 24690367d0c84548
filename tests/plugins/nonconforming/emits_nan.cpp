#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Divides by what may be zero.
class EmitsNan : public TwoComponents<EmitsNan> {
public:
    static constexpr About about = about_scorer("emits_nan");

    Assessment<Context> assess(const Inputs& state, Time now, std::size_t output,
                               Direction direction) const {
        auto found = TwoComponents::assess(state, now, output, direction);
        const double none = found.components[0].points - found.components[0].points;
        found.components[0].points = none / none;
        return found;
    }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::EmitsNan)
