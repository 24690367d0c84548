#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Selects rows that nobody gave it.
class RowsOutOfRange : public Filter<RowsOutOfRange> {
public:
    static constexpr About about = about_filter("rows_out_of_range");
    static constexpr auto option_list = no_options();
    NoOptions options;

    Status step(StepInput& in, StepOutput&) noexcept override {
        if (in.rows.count == 0) return {};
        const std::uint32_t count = in.rows.count;
        for (std::uint32_t k = 0; k < count; ++k) in.row_storage[k] = in.rows[k];
        in.row_storage[count - 1] = in.batch->size();
        in.rows = {in.row_storage, count};
        return {};
    }
    Verdict on(const Event&, const Batch&) { return Verdict::keep; }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::RowsOutOfRange)
