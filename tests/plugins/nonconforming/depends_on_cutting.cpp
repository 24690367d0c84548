#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Drops the first record of every step.
class DependsOnCutting : public Filter<DependsOnCutting> {
public:
    static constexpr About about = about_filter("depends_on_cutting");
    static constexpr auto option_list = no_options();
    NoOptions options;

    Status step(StepInput& in, StepOutput& out) noexcept override {
        first_ = true;
        return Filter::step(in, out);
    }
    Verdict on(const Event&, const Batch&) {
        return std::exchange(first_, false) ? Verdict::filtered : Verdict::keep;
    }

private:
    bool first_ = true;
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::DependsOnCutting)
