#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Never returns from the hundredth record.
class HangsInStep : public Filter<HangsInStep> {
public:
    static constexpr About about = about_filter("hangs_in_step");
    static constexpr auto option_list = no_options();
    NoOptions options;

    Verdict on(const Event&, const Batch&) {
        if (++seen_ < 100) return Verdict::keep;
        for (volatile bool forever = true; forever;) {
        }
        return Verdict::keep;
    }

private:
    int seen_ = 0;
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::HangsInStep)
