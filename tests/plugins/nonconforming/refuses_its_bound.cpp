#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

struct Options {
    std::int64_t most = 0;
};

/// States a bound that it does not take.
class RefusesItsBound : public Filter<RefusesItsBound> {
public:
    static constexpr About about = about_filter("refuses_its_bound");
    static constexpr auto option_list =
        spillway::options(option::integer<&Options::most>("most", "How many it keeps.")
                              .otherwise("5")
                              .at_least(0)
                              .at_most(10));
    Options options;

    Status check() { return options.most == 0 ? bad_option("most", "must be positive") : Status(); }
    Verdict on(const Event&, const Batch&) const { return Verdict::keep; }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::RefusesItsBound)
