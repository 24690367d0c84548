#include <spillway/venue.hpp>

#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Decodes nothing more once a frame was none of its own.
class StopsAtGarbage : public Venue<StopsAtGarbage> {
public:
    static constexpr About about = {.name = "stops_at_garbage",
                                    .version = "1.0.0",
                                    .summary = "Breaks a rule.",
                                    .emits = {Kind::trade}};
    static constexpr auto option_list = no_options();
    NoOptions options;

    Status on(const Frame& frame, Emitter& out) {
        if (frame.type != FrameType::data) return {};
        stopped_ = stopped_ || !frame.bytes.starts_with("trade ");
        if (stopped_) return bad_record("is no trade, or came after what was none");
        out.emit(Kind::trade).id = {1, hash_text(frame.bytes)};
        return {};
    }
    template <class Archive>
    void fields(Archive& io) {
        io(1, stopped_);
    }

private:
    bool stopped_ = false;
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::StopsAtGarbage)
