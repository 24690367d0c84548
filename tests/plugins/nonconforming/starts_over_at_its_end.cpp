#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Where it has ended it says that it was at its beginning: a run that is resumed doubles all.
class StartsOverAtItsEnd : public Ticks<StartsOverAtItsEnd> {
public:
    static constexpr About about = about_source("starts_over_at_its_end", Trait::replayable);

    void position(StateWriter& out) noexcept override { out(1, next % count); }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::StartsOverAtItsEnd)
