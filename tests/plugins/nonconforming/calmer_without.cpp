#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Takes a component that is missing for one that could add nothing.
class CalmerWithout : public TwoComponents<CalmerWithout> {
public:
    static constexpr About about = about_scorer("calmer_without");

    Assessment<Context> assess(const Inputs& state, Time now, std::size_t output,
                               Direction direction) const {
        auto found = TwoComponents::assess(state, now, output, direction);
        for (ComponentValue& part : found.components) {
            if (part.missing) part.cap = 0;
        }
        return found;
    }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::CalmerWithout)
