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
        if (setup.position.size() != sizeof taken) {
            return {Code::io, "the stored position is damaged"};
        }
        std::memcpy(&taken, setup.position.data(), sizeof taken);
        return {};
    }
    void position(StateWriter& out) noexcept override { out(1, taken); }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::RefusesItsPosition)
