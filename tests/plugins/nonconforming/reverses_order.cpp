#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Leaves its rows last to first.
class ReversesOrder : public Filter<ReversesOrder> {
public:
    static constexpr About about = about_filter("reverses_order");
    static constexpr auto option_list = no_options();
    NoOptions options;

    Status step(StepInput& in, StepOutput&) noexcept override {
        const std::uint32_t count = in.rows.count;
        std::vector<std::uint32_t> rows;
        for (std::uint32_t k = 0; k < count; ++k) rows.push_back(in.rows[k]);
        for (std::uint32_t k = 0; k < count; ++k) in.row_storage[k] = rows[count - 1 - k];
        in.rows = {in.row_storage, count};
        return {};
    }
    Verdict on(const Event&, const Batch&) { return Verdict::keep; }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::ReversesOrder)
