#include <stdexcept>

#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Throws where it should return an error.
class ThrowsInStep : public KeyedTransform<ThrowsInStep, Count> {
public:
    static constexpr About about = about_counter("throws_in_step");
    static constexpr auto option_list = no_options();
    NoOptions options;

    Status on(Count& count, const Event&, Context&) {
        if (++count.seen == 20) throw std::runtime_error("no such price");
        return {};
    }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::ThrowsInStep)
