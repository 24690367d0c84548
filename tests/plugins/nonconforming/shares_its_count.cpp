#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Counts in a static variable, as if there were never two of its class.
class SharesItsCount : public Filter<SharesItsCount> {
public:
    static constexpr About about = about_filter("shares_its_count");
    static constexpr auto option_list = no_options();
    NoOptions options;

    Status begin(const NodeSetup&) {
        seen = 0;
        return {};
    }
    Verdict on(const Event&, const Batch&) const {
        return ++seen % 7 == 0 ? Verdict::filtered : Verdict::keep;
    }
    template <class Archive>
    void fields(Archive& io) {
        io(1, seen);
    }

private:
    static inline std::uint64_t seen = 0;
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::SharesItsCount)
