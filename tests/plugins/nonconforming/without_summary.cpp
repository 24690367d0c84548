#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Has no line that says what it does.
class WithoutSummary : public Filter<WithoutSummary> {
public:
    static constexpr About about = [] {
        About about = about_filter("without_summary");
        about.summary = "";
        return about;
    }();
    static constexpr auto option_list = no_options();
    NoOptions options;

    Verdict on(const Event&, const Batch&) const { return Verdict::keep; }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::WithoutSummary)
