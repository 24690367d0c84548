#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

struct Options {
    Duration every = 0;
};

/// Nobody can leave out its option: the default lies below the bound.
class DefaultOutOfBounds : public Filter<DefaultOutOfBounds> {
public:
    static constexpr About about = about_filter("default_out_of_bounds");
    static constexpr auto option_list =
        spillway::options(option::duration<&Options::every>("every", "How often it looks.")
                              .otherwise("1s")
                              .at_least(5e9));
    Options options;

    Verdict on(const Event&, const Batch&) const { return Verdict::keep; }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::DefaultOutOfBounds)
