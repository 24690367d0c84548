#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Numbers the prices of a market, and does not say so in its fields.
struct Unsaid {
    std::uint64_t seen = 0;
    template <class Archive>
    void fields(Archive&) {}
};

class LosesState : public KeyedTransform<LosesState, Unsaid> {
public:
    static constexpr About about = about_counter("loses_state");
    static constexpr auto option_list = no_options();
    NoOptions options;

    Status on(Unsaid& state, const Event&, Context& context) {
        emit_number(context.out(), static_cast<double>(++state.seen));
        return {};
    }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::LosesState)
