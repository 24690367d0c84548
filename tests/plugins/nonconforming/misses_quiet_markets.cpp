#include <stdexcept>

#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Throws when a market has been quiet for a day.
class MissesQuietMarkets : public KeyedTransform<MissesQuietMarkets, Count> {
public:
    static constexpr About about = about_counter("misses_quiet_markets");
    static constexpr auto option_list = no_options();
    NoOptions options;

    Status on(Count& count, const Event&, Context& context) {
        ++count.seen;
        context.set_timer(0, context.now() + day);
        return {};
    }
    void on_timer(Count&, TimerId, Time, Context&) { throw std::runtime_error("no such market"); }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::MissesQuietMarkets)
