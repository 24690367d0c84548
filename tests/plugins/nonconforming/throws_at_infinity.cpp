#include <cmath>
#include <stdexcept>

#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Throws at a price that is there and no number, instead of refusing the record.
class ThrowsAtInfinity : public KeyedTransform<ThrowsAtInfinity, Count> {
public:
    static constexpr About about = about_counter("throws_at_infinity");
    static constexpr auto option_list = no_options();
    NoOptions options;

    Status on(Count& count, const Event& event, Context&) {
        if (event.has(field::price::last) && !std::isfinite(event.price.last)) {
            throw std::domain_error("no number");
        }
        ++count.seen;
        return {};
    }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::ThrowsAtInfinity)
