#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// One price in the middle was received before the one in front of it.
class GoesBackInTime : public Ticks<GoesBackInTime> {
public:
    static constexpr About about = about_source("goes_back_in_time", Trait::none);

protected:
    [[nodiscard]] Time time_of(std::uint64_t index) const noexcept override {
        return Ticks::time_of(index == count / 2 ? index - 2 : index);
    }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::GoesBackInTime)
