#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Knows only at which tenth record it was.
class LosesItsPlace : public Ticks<LosesItsPlace> {
public:
    static constexpr About about = about_source("loses_its_place", Trait::replayable);

    void position(StateWriter& out) noexcept override { out(1, next - next % 10); }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::LosesItsPlace)
