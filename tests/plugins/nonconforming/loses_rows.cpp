#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Has room for 16 rows between two flushes, and forgets the others.
class LosesRows : public Lines<LosesRows> {
public:
    static constexpr About about = about_sink("loses_rows");

    Status write(const SinkRows& rows) noexcept override {
        for (std::uint32_t k = 0; k < rows.rows.count && taken < 16; ++k) {
            put(rows.batch[rows.rows[k]]);
        }
        return {};
    }
    Status flush(std::uint64_t epoch) noexcept override {
        taken = 0;
        return Lines::flush(epoch);
    }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::LosesRows)
