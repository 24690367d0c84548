#include "runtime/graph/side_input.hpp"

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
    std::uint32_t kept = 0;
    for (std::uint32_t k = 0; k < rows.count; ++k) {
        const std::uint32_t row = rows[k];
        const Event& event = batch[row];
        bool replaced = false;
        for (std::uint32_t later = k + 1; later < rows.count && !replaced; ++later) {
            const Event& other = batch[rows[later]];
            if (other.receive_time != event.receive_time) break;
            replaced = same_stream(event, other);
        }
        if (!replaced) packet.rows.data()[kept++] = row;
    }
    if (kept == rows.count) return 0;
    const std::uint32_t gone = rows.count - kept;
    packet.all = false;
    packet.rows.resize_uninitialised(kept);
    return gone;
}

void mark_as_broadcast(Packet& packet, Ticket* ticket) {
    if (packet.count() == 0) return;
    const Rows rows = packet.selected();
    BatchRef own = BatchRef::create();
    own->set_ticket(ticket);
    std::uint32_t mark = 0;
    for (std::uint32_t k = 0; k < rows.count; ++k) {
        while (mark < packet.marks.size() && packet.marks[mark].position <= rows[k]) {
            packet.marks[mark++].position = k;
        }
        own->append_copy((*packet.batch)[rows[k]], *packet.batch).flags |= flag_broadcast;
    }
    while (mark < packet.marks.size()) packet.marks[mark++].position = rows.count;
    packet.batch = std::move(own);
    packet.all = true;
    packet.rows.clear();
}

}  // namespace spillway::runtime
