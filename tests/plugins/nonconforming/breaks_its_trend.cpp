#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Says that more open interest is worth more points, and gives fewer.
class BreaksItsTrend : public TwoComponents<BreaksItsTrend> {
public:
    static constexpr About about = about_scorer("breaks_its_trend");
    static constexpr std::array<ComponentSpec, 2> components = {
        {{"price", 50, 0.5}, {"open_interest", 50, 0.5, Trend::rising}}};
    static constexpr std::array<OutputSpec, 1> outputs = {{{"level", false, true, components}}};

    Assessment<Context> assess(const Inputs& state, Time now, std::size_t output,
                               Direction direction) const {
        auto found = TwoComponents::assess(state, now, output, direction);
        ComponentValue& part = found.components[1];
        part.raw = state.open_interest;
        part.has_raw = true;
        part.points = 50 - part.points;
        return found;
    }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::BreaksItsTrend)
