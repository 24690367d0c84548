#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Gives a component more points than it declares.
class ExceedsCap : public TwoComponents<ExceedsCap> {
public:
    static constexpr About about = about_scorer("exceeds_cap");

    Assessment<Context> assess(const Inputs& state, Time now, std::size_t output,
                               Direction direction) const {
        auto found = TwoComponents::assess(state, now, output, direction);
        found.components[1].points *= 2;
        return found;
    }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::ExceedsCap)
