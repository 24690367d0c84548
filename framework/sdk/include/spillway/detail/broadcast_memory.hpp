#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <spillway/batch.hpp>
#include <spillway/detail/event_state.hpp>
#include <spillway/fields.hpp>
#include <spillway/order.hpp>

namespace spillway::detail {

/// The latest market-wide event of each stream, without its blob, for keys that appear later.
class BroadcastMemory {
public:
    void remember(const Event& event) {
        if (!batch_) batch_ = BatchRef::create();
        const auto [place, is_new] = streams_.try_emplace(stream_of(event), batch_->size());
        if (is_new) batch_->append(event.kind());
        Event& kept = (*batch_)[place->second];
        kept = event;
        kept.blob_length = 0;
    }
    /// Calls `take(event, batch)` for each, in the order in which they came.
    template <class Take>
    void recall(const Take& take) const {
        if (!batch_) return;
        std::vector<const Event*> events;
        for (const Event& event : batch_->events()) events.push_back(&event);
        std::sort(events.begin(), events.end(),
                  [](const Event* a, const Event* b) { return order_of(*a) < order_of(*b); });
        for (const Event* event : events) take(*event, *batch_);
    }

    template <class Archive>
    void fields(Archive& io) {
        std::vector<EventState> kept;
        if (batch_) {
            for (const Event& event : batch_->events()) kept.push_back({event});
        }
        io(1, kept);
        if constexpr (std::is_same_v<Archive, StateReader>) {
            for (const EventState& one : kept) remember(one.event);
        }
    }

private:
    /// Kind, venue, market, and what else tells apart events that do not replace each other.
    using Stream = std::array<std::string, 5>;

    static Stream stream_of(const Event& event) {
        const auto number = [](auto code) { return std::to_string(static_cast<unsigned>(code)); };
        Stream stream{std::string(to_string(event.kind())),
                      std::string(text_of(event.venue)),
                      std::string(text_of(event.instrument)),
                      {},
                      std::string(text_of(event.market))};
        if (event.kind() == Kind::score) {
            stream[2] = text_of(event.score.name);
            stream[3] = number(event.score.direction) + (event.score.headline ? "h" : "");
        } else if (event.kind() == Kind::stablecoin_flow) {
            stream[2] = text_of(event.stablecoin_flow.token);
            stream[3] = number(event.stablecoin_flow.flow);
        } else if (event.kind() == Kind::source_status) {
            // Of all kinds or one: the one does not replace the other.
            if (event.has(field::source_status::about)) {
                stream[3] = number(event.source_status.about);
            }
        }
        return stream;
    }

    std::map<Stream, std::uint32_t> streams_;  ///< place in the batch
    BatchRef batch_;
};

}  // namespace spillway::detail
