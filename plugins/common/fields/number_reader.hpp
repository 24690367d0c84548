#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include <spillway/fields.hpp>

namespace spillway::fields {

/// Reads one numeric payload field of whatever kind an event has; compiled once from its name.
class NumberReader {
public:
    NumberReader() = default;
    explicit NumberReader(std::string_view name);

    /// False if the event's kind has no such field, or the event does not carry it.
    [[nodiscard]] bool read(const Event& event, double& out) const noexcept {
        const Place& place = places_[static_cast<std::size_t>(event.kind())];
        if ((event.kind_and_presence & place.presence) == 0) return false;
        if (place.type == FieldType::number) [[likely]] {
            std::memcpy(&out, reinterpret_cast<const char*>(&event) + place.offset, sizeof(out));
            return true;
        }
        return read_number(event, *place.field, index_of(event.kind(), *place.field), out);
    }
    /// The kinds that have the field, as a number.
    [[nodiscard]] KindSet kinds() const noexcept { return kinds_; }

private:
    struct Place {
        std::uint32_t presence = 0;  ///< bit of Event::kind_and_presence; 0 if the kind lacks it
        std::uint16_t offset = 0;
        FieldType type = FieldType::number;
        const FieldInfo* field = nullptr;
    };
    std::array<Place, kind_names.size()> places_;
    KindSet kinds_;
};

[[nodiscard]] constexpr bool is_numeric(FieldType type) noexcept {
    return type != FieldType::name && type != FieldType::venue && type != FieldType::text &&
           type != FieldType::id && type != FieldType::choice;
}

/// "; did you mean 'notional'?" for the payload field closest to a name that no kind has, or for
/// one of `also`; empty when nothing is close.
[[nodiscard]] std::string suggest_field(std::string_view name,
                                        std::span<const std::string_view> also = {});
/// The same among given words.
[[nodiscard]] std::string suggest(std::string_view word, std::span<const std::string_view> among);

}  // namespace spillway::fields
