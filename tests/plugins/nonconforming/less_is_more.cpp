#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Takes a component for present when its input is not there.
class LessIsMore : public TwoComponents<LessIsMore> {
public:
    static constexpr About about = about_scorer("less_is_more");

    Assessment<Context> assess(const Inputs& state, Time now, std::size_t output,
                               Direction direction) const {
        auto found = TwoComponents::assess(state, now, output, direction);
        found.ready = state.price != 0;
        found.components[1].missing = !found.components[1].missing;
        return found;
    }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::LessIsMore)
