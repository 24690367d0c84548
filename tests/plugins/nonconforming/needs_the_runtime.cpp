#include "nonconforming.hpp"

namespace spillway::runtime {
// Weak: it loads where nothing defines it.
[[gnu::weak]] bool is_shutting_down() noexcept;
}  // namespace spillway::runtime

namespace spillway::nonconforming {
namespace {

/// Asks the runtime instead of the SDK.
class NeedsTheRuntime : public Filter<NeedsTheRuntime> {
public:
    static constexpr About about = about_filter("needs_the_runtime");
    static constexpr auto option_list = no_options();
    NoOptions options;

    Verdict on(const Event&, const Batch&) const {
        const bool stopping = runtime::is_shutting_down != nullptr && runtime::is_shutting_down();
        return stopping ? Verdict::filtered : Verdict::keep;
    }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::NeedsTheRuntime)
