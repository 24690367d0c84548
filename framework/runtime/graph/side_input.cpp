#include "runtime/graph/side_input.hpp"

#include <algorithm>

namespace spillway::runtime {
namespace {

bool same_stream(const Event& a, const Event& b) noexcept {
    if (a.kind() != b.kind() || a.venue != b.venue || a.instrument != b.instrument ||
        a.market != b.market) {
        return false;
    }
    switch (a.kind()) {
        case Kind::score:
            return a.score.name == b.score.name && a.score.direction == b.score.direction &&
                   a.score.headline == b.score.headline;
        case Kind::stablecoin_flow:
            return a.stablecoin_flow.token == b.stablecoin_flow.token &&
                   a.stablecoin_flow.flow == b.stablecoin_flow.flow;
        case Kind::cascade:
            return a.cascade.cascade == b.cascade.cascade;
        case Kind::alert:
            return a.alert.episode == b.alert.episode;
        case Kind::extension:
            return a.extension.name == b.extension.name;
        default:
            return true;
    }
}

}  // namespace

std::uint32_t keep_latest(Packet& packet) {
    if (!packet.batch) return 0;
    const Batch& batch = *packet.batch;
    packet.rows.reserve(batch.size());  // before `selected` looks at them: they may move
    const Rows rows = packet.selected();
    std::uint32_t* const out = packet.rows.data();
    // Backwards, so that each event is compared with the newest of each stream only; what is kept
    // gathers at the end, behind what is still to be looked at.
    std::uint32_t first = rows.count;
    for (std::uint32_t k = rows.count; k-- > 0;) {
        const std::uint32_t row = rows[k];
        const Event& event = batch[row];
        bool replaced = false;
        for (std::uint32_t later = first; later < rows.count && !replaced; ++later) {
            const Event& newer = batch[out[later]];
            if (newer.receive_time != event.receive_time) break;
            replaced = same_stream(event, newer);
        }
        if (!replaced) out[--first] = row;
    }
    if (first == 0) return 0;
    std::copy(out + first, out + rows.count, out);
    packet.all = false;
    packet.rows.resize_uninitialised(rows.count - first);
    return first;
}

void mark_as_broadcast(Packet& packet, Ticket* ticket) {
    if (packet.count() == 0) return;
    packet.own(ticket);
    for (std::uint32_t i = 0; i < packet.batch->size(); ++i) {
        (*packet.batch)[i].flags |= flag_broadcast;
    }
}

}  // namespace spillway::runtime
