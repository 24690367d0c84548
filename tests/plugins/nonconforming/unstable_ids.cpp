#include <spillway/venue.hpp>

#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Makes ids from the session, so that a reconnect doubles every record.
class UnstableIds : public Venue<UnstableIds> {
public:
    static constexpr About about = {.name = "unstable_ids",
                                    .version = "1.0.0",
                                    .summary = "Breaks a rule.",
                                    .emits = {Kind::trade}};
    static constexpr auto option_list = no_options();
    NoOptions options;

    Status on(const Frame& frame, Emitter& out) {
        if (frame.type != FrameType::data) return {};
        if (!frame.bytes.starts_with("trade ")) return bad_record("is no trade");
        Event& event = out.emit(Kind::trade);
        event.id = {frame.session, hash_text(frame.bytes)};
        return {};
    }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::UnstableIds)
