#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <string>
#include <type_traits>

#include <spillway/event.hpp>
#include <spillway/fields.hpp>
#include <spillway/state.hpp>

namespace spillway::detail {

/// An event without its blob, as a field of state: its bytes without the handles of names, which
/// mean nothing to another process, and the texts of those names.
struct EventState {
    Event event{};

    template <class Archive>
    void fields(Archive& io) {
        std::array<std::uint8_t, sizeof(Event)> bytes{};
        const Event plain = without_names();
        std::memcpy(bytes.data(), &plain, sizeof(Event));
        io(1, bytes);
        if constexpr (std::is_same_v<Archive, StateReader>) {
            std::memcpy(static_cast<void*>(&event), bytes.data(), sizeof(Event));
            if (!is_event()) io.fail();
            if (!io.ok()) event = Event{};
        }
        name<VenueId>(io, 2, offsetof(Event, venue));
        name<InstrumentId>(io, 3, offsetof(Event, instrument));
        name<MarketId>(io, 4, offsetof(Event, market));
        std::uint16_t tag = 16;
        for (const FieldInfo& field : fields_of(event.kind())) {
            if (field.type == FieldType::name) name<NameId>(io, tag, field.offset);
            if (field.type == FieldType::venue) name<VenueId>(io, tag, field.offset);
            ++tag;
        }
    }

private:
    /// Bytes of a damaged row may be no value of their type.
    [[nodiscard]] bool is_event() const noexcept {
        if (static_cast<std::size_t>(event.kind()) >= kind_names.size()) return false;
        return std::ranges::all_of(fields_of(event.kind()), [&](const FieldInfo& field) {
            const auto byte =
                static_cast<std::size_t>(reinterpret_cast<const std::byte*>(&event)[field.offset]);
            if (field.type == FieldType::boolean) return byte <= 1;
            return field.type != FieldType::choice || byte < field.choices.size();
        });
    }
    [[nodiscard]] Event without_names() const {
        Event plain = event;
        plain.venue = {};
        plain.instrument = {};
        plain.market = {};
        for (const FieldInfo& field : fields_of(event.kind())) {
            auto* const place = reinterpret_cast<std::byte*>(&plain) + field.offset;
            if (field.type == FieldType::name) std::memset(place, 0, sizeof(NameId));
            if (field.type == FieldType::venue) std::memset(place, 0, sizeof(VenueId));
        }
        return plain;
    }
    template <class Id, class Archive>
    void name(Archive& io, std::uint16_t tag, std::size_t offset) {
        auto* const place = reinterpret_cast<std::byte*>(&event) + offset;
        Id id{};  // of the process that wrote it, as it comes from a reader
        if constexpr (!std::is_same_v<Archive, StateReader>) std::memcpy(&id, place, sizeof(id));
        io(tag, id);
        std::memcpy(place, &id, sizeof(id));
    }
};

}  // namespace spillway::detail
