#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Writes to nowhere at the hundredth record. Not through a null pointer: a sanitizer would see
/// that first and end the process in its own way.
class CrashesInStep : public Filter<CrashesInStep> {
public:
    static constexpr About about = about_filter("crashes_in_step");
    static constexpr auto option_list = no_options();
    NoOptions options;

    Verdict on(const Event&, const Batch&) {
        if (++seen_ == 100) *nowhere_ = 1;
        return Verdict::keep;
    }

private:
    int seen_ = 0;
    int* volatile nowhere_ = reinterpret_cast<int*>(64);
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::CrashesInStep)
