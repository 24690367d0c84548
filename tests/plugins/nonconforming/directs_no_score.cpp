#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Declares a trend that depends on the direction, of a score that has none.
class DirectsNoScore : public TwoComponents<DirectsNoScore> {
public:
    static constexpr About about = about_scorer("directs_no_score");
    static constexpr std::array<ComponentSpec, 2> components = {
        {{"price", 50, 0.5}, {"open_interest", 50, 0.5, Trend::rising_down}}};
    static constexpr std::array<OutputSpec, 1> outputs = {{{"level", false, true, components}}};
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::DirectsNoScore)
