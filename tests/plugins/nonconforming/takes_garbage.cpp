#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

struct Options {
    std::string grid;
};

/// Understands two words and takes any other without a word.
class TakesGarbage : public Filter<TakesGarbage> {
public:
    static constexpr About about = about_filter("takes_garbage");
    static constexpr auto option_list = spillway::options(
        option::text<&Options::grid>("grid", "`minute` or `hour`.").otherwise("minute"));
    Options options;

    Verdict on(const Event&, const Batch&) const { return Verdict::keep; }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::TakesGarbage)
