#include <cmath>

#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Ends the run at a number for which its format has no word.
class EndsAtBadRow : public Counter<EndsAtBadRow> {
public:
    static constexpr About about = about_sink("ends_at_bad_row");

    Status write(const SinkRows& rows) noexcept override {
        for (std::uint32_t k = 0; k < rows.rows.count; ++k) {
            const Event& event = rows.batch[rows.rows[k]];
            if (event.has(field::price::last) && !std::isfinite(event.price.last)) {
                return {Code::io, "cannot write a price that is no number"};
            }
        }
        return Counter::write(rows);
    }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::EndsAtBadRow)
