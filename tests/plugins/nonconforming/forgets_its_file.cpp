#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Begins its file anew where it should go on.
class ForgetsItsFile : public Lines<ForgetsItsFile> {
public:
    static constexpr About about = about_sink("forgets_its_file");

    Status open(const SinkSetup& setup) noexcept override {
        SinkSetup anew = setup;
        anew.resumed = false;
        return Lines::open(anew);
    }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::ForgetsItsFile)
