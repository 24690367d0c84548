#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>

#include <spillway/emitter.hpp>
#include <spillway/fields.hpp>
#include <spillway/frame.hpp>
#include <spillway/id.hpp>

#include "common/venues/ids.hpp"
#include "contracts.hpp"

namespace spillway::binance {

using venues::presence;

/// Fills a payload field and its presence bit, if there is a value.
template <class Value>
void set_if(Event& event, unsigned field, Value& place, const std::optional<Value>& value) {
    if (!value) return;
    place = *value;
    event.set_present(field);
}

/// Makes the events of one frame: header and id are the same work for every kind.
///
/// The id of an event is the hash of venue, channel, symbol, event time and what the record says
/// (or the venue's own number of it). Receive time and session are not part of it, except where the
/// venue sends no time: a reconnect or a second subscription brings the same ids.
class Writer {
public:
    Writer(const Frame& frame, Emitter& out, Contracts& contracts, bool needs_ids) noexcept
        : frame_(frame), out_(out), contracts_(contracts), needs_ids_(needs_ids) {}

    [[nodiscard]] const Frame& frame() const noexcept { return frame_; }
    [[nodiscard]] Emitter& out() const noexcept { return out_; }
    [[nodiscard]] Contracts& contracts() const noexcept { return contracts_; }

    /// An event of a contract. `record` is what tells it from others of one channel, symbol and
    /// time: numbers and native ids.
    template <class... Part>
    Event& emit(Kind kind, std::string_view channel, const Contract& contract, Time time,
                Part... record) const {
        Event& event = out_.emit(kind);
        event.event_time = time;
        event.venue = frame_.venue;
        event.instrument = contract.instrument;
        if (needs_ids_) {
            const Key<sizeof...(Part)> key{hash_text(text_of(frame_.venue)),
                                           hash_text(channel),
                                           contract.hash,
                                           time,
                                           {bits(record)...}};
            event.id = hash_id(key);
        }
        return event;
    }

private:
    template <std::size_t Parts>
    struct Key {
        std::uint64_t venue, channel, subject;
        std::int64_t time;
        std::uint64_t record[Parts];
    };
    static std::uint64_t bits(double number) noexcept {
        return std::bit_cast<std::uint64_t>(number);
    }
    template <class Number>
    requires std::integral<Number> || std::is_enum_v<Number>
    static std::uint64_t bits(Number number) noexcept { return static_cast<std::uint64_t>(number); }

    const Frame& frame_;
    Emitter& out_;
    Contracts& contracts_;
    bool needs_ids_;
};

}  // namespace spillway::binance
