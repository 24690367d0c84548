#include <cstring>

#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Writes its position as a field with tag and length, and reads a bare number.
class RefusesItsPosition : public Counter<RefusesItsPosition> {
public:
    static constexpr About about = about_sink("refuses_its_position");

    Status open(const SinkSetup& setup) noexcept override {
        if (!setup.resumed) return {};
        if (setup.position.size() != sizeof rows_) {
            return {Code::io, "the stored position is damaged"};
        }
        std::memcpy(&rows_, setup.position.data(), sizeof rows_);
        return {};
    }
    void position(StateWriter& out) noexcept override { out(1, rows_); }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::RefusesItsPosition)
