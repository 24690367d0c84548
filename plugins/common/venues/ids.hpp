#pragma once

#include <bit>
#include <cstdint>
#include <string_view>

#include <spillway/batch.hpp>
#include <spillway/event.hpp>
#include <spillway/id.hpp>

namespace spillway::venues {

/// Gives a row the id that the venue's own id of it makes.
inline void set_native_id(Event& event, std::uint64_t channel, std::uint64_t symbol,
                          std::string_view native) noexcept {
    struct Key {
        std::uint64_t venue, channel, symbol, native;
    };
    event.id = hash_id(Key{hash_text(text_of(event.venue)), channel, symbol, hash_text(native)});
}

/// The same for a row without one: venue, channel, kind, symbol, event time, up to three numbers of
/// what the row says, and the ordinal among equal rows of one frame. Never receive time or
/// session: a reconnect, a repeated poll or a second subscription gives the same id.
inline void set_row_id(Event& event, std::uint64_t channel, std::uint64_t symbol, double a,
                       double b = 0, double c = 0, std::uint64_t ordinal = 0) noexcept {
    struct Key {
        std::uint64_t venue, channel, kind, symbol;
        Time time;
        std::uint64_t a, b, c, ordinal;
    };
    event.id = hash_id(Key{hash_text(text_of(event.venue)), channel,
                           static_cast<std::uint64_t>(event.kind()), symbol, event.event_time,
                           std::bit_cast<std::uint64_t>(a), std::bit_cast<std::uint64_t>(b),
                           std::bit_cast<std::uint64_t>(c), ordinal});
}

/// How many liquidations equal to `event` stand before it in the batch, from index `first` on,
/// where the events of its frame begin.
[[nodiscard]] inline std::uint64_t equal_liquidations_before(const Batch& batch,
                                                             std::uint32_t first,
                                                             const Event& event) noexcept {
    std::uint64_t equal = 0;
    const LiquidationPayload& mine = event.liquidation;
    for (std::uint32_t i = first; i < batch.size() && &batch[i] != &event; ++i) {
        const Event& other = batch[i];
        if (other.kind() != Kind::liquidation || other.event_time != event.event_time) continue;
        const LiquidationPayload& its = other.liquidation;
        if (other.instrument == event.instrument && its.price == mine.price &&
            its.quantity == mine.quantity && its.side == mine.side) {
            ++equal;
        }
    }
    return equal;
}

template <class... Field>
[[nodiscard]] constexpr std::uint32_t presence(Field... fields) noexcept {
    return ((1U << (8U + static_cast<unsigned>(fields))) | ...);
}

}  // namespace spillway::venues
