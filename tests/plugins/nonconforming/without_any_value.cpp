#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

struct Options {
    std::int64_t most = 0;
};

/// No value lies between the bounds of its option.
class WithoutAnyValue : public Filter<WithoutAnyValue> {
public:
    static constexpr About about = about_filter("without_any_value");
    static constexpr auto option_list =
        spillway::options(option::integer<&Options::most>("most", "How many it keeps.")
                              .otherwise("5")
                              .at_least(10)
                              .at_most(1));
    Options options;

    Verdict on(const Event&, const Batch&) const { return Verdict::keep; }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::WithoutAnyValue)
