#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Never returns when a market has been quiet for a day.
class HangsWhenIdle : public KeyedTransform<HangsWhenIdle, Count> {
public:
    static constexpr About about = about_counter("hangs_when_idle");
    static constexpr auto option_list = no_options();
    NoOptions options;

    Status on(Count& count, const Event&, Context& context) {
        ++count.seen;
        context.set_timer(0, context.now() + day);
        return {};
    }
    void on_timer(Count&, TimerId, Time, Context&) {
        for (volatile bool forever = true; forever;) {
        }
    }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::HangsWhenIdle)
