#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Filled while the file is loaded.
const std::vector<std::string> names = {"a", "b"};

class DynamicInitialiser : public Filter<DynamicInitialiser> {
public:
    static constexpr About about = about_filter("dynamic_initialiser");
    static constexpr auto option_list = no_options();
    NoOptions options;

    Verdict on(const Event&, const Batch&) const {
        return names.empty() ? Verdict::filtered : Verdict::keep;
    }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::DynamicInitialiser)
