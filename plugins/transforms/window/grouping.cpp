#include "grouping.hpp"

#include <algorithm>
#include <cstring>

#include "common/fields/number_reader.hpp"

namespace spillway::window {
namespace {

constexpr std::array<std::string_view, 4> header_parts = {"instrument", "market", "venue", "kind"};
/// Name tables hold fewer than 2^18 entries each, so handles pack into that many bits.
constexpr unsigned name_bits = 18;
constexpr std::array<unsigned, 4> header_bits = {name_bits, name_bits, 16, 4};
constexpr std::uint32_t most_choices = 256;  ///< of a field: they are 8-bit enumerations
constexpr std::string_view absent_text = "-";

bool groups(FieldType type) noexcept {
    return type == FieldType::choice || type == FieldType::name || type == FieldType::venue;
}

}  // namespace

/// Codes of a field's choices start at one that no kind with other choices uses: `side` is long or
/// short of a liquidation, buy or sell of a trade.
std::uint16_t Grouping::first_code(const Part& part, const FieldInfo& field) noexcept {
    std::uint16_t code = 1;
    for (const Place& place : part.places) {
        if (place.presence == 0 || place.type != FieldType::choice) continue;
        if (place.field->choices.data() == field.choices.data()) return place.first_code;
        code = std::max(code, static_cast<std::uint16_t>(place.first_code + most_choices));
    }
    return code;
}

Status Grouping::parse(const std::vector<std::string>& by) {
    parts_.clear();
    unsigned bits = 0;
    for (const std::string& name : by) {
        Part part;
        part.name = name;
        for (std::size_t i = 0; i < header_parts.size(); ++i) {
            if (header_parts[i] != name) continue;
            part.type = static_cast<Type>(i);
            part.bits = header_bits[i];
        }
        for (std::size_t k = 0; part.bits == 0 && k < kind_names.size(); ++k) {
            const auto kind = static_cast<Kind>(k);
            const FieldInfo* field = find_field(kind, name);
            if (field == nullptr || !groups(field->type)) continue;
            part.places[k] = {1U << (8U + index_of(kind, *field)), field->offset, field->type,
                              first_code(part, *field), field};
        }
        for (const Place& place : part.places) {
            if (place.presence == 0) continue;
            part.bits = std::max(part.bits, place.type == FieldType::name ? name_bits : 16U);
        }
        if (part.bits == 0) {
            return bad_option("by", "no kind has a text field '" + name + "'" +
                                        fields::suggest_field(name, header_parts));
        }
        bits += part.bits;
        parts_.push_back(std::move(part));
    }
    if (bits > 64) return bad_option("by", "too many parts for one key: leave one out");
    return {};
}

std::uint32_t Grouping::Part::value(const Event& event) const noexcept {
    switch (type) {
        case Type::instrument:
            return static_cast<std::uint32_t>(event.instrument);
        case Type::market:
            return static_cast<std::uint32_t>(event.market);
        case Type::venue:
            return static_cast<std::uint32_t>(event.venue);
        case Type::kind:
            return static_cast<std::uint32_t>(event.kind());
        case Type::field:
            break;
    }
    const Place& place = places[static_cast<std::size_t>(event.kind())];
    if ((event.kind_and_presence & place.presence) == 0) return 0;
    const auto* at = reinterpret_cast<const char*>(&event) + place.offset;
    std::uint32_t handle = 0;
    if (place.type == FieldType::choice) {
        return static_cast<unsigned char>(*at) + std::uint32_t{place.first_code};
    }
    std::memcpy(&handle, at, place.type == FieldType::name ? sizeof(NameId) : sizeof(VenueId));
    return handle;
}

std::string_view Grouping::Part::value_text(const Event& event) const noexcept {
    const std::uint32_t handle = value(event);
    const Place& place = places[static_cast<std::size_t>(event.kind())];
    std::string_view text;
    switch (type) {
        case Type::instrument:
            text = text_of(event.instrument);
            break;
        case Type::market:
            text = text_of(event.market);
            break;
        case Type::venue:
            text = text_of(event.venue);
            break;
        case Type::kind:
            text = to_string(event.kind());
            break;
        case Type::field:
            if (handle == 0) break;
            if (place.type == FieldType::name) text = text_of(static_cast<NameId>(handle));
            if (place.type == FieldType::venue) text = text_of(static_cast<VenueId>(handle));
            if (place.type == FieldType::choice) {
                const std::uint32_t choice = handle - place.first_code;
                if (choice < place.field->choices.size()) text = place.field->choices[choice];
            }
    }
    return text.empty() ? absent_text : text;
}

std::uint64_t Grouping::code(const Event& event) const noexcept {
    std::uint64_t code = 0;
    for (const Part& part : parts_) code = code << part.bits | part.value(event);
    return code;
}

void Grouping::text(const Event& event, std::string& out) const {
    for (const Part& part : parts_) {
        if (&part != parts_.data()) out += '|';
        out += part.value_text(event);
    }
}

Grouping::Group Grouping::read(std::string_view text) const {
    Group group;
    for (const Part& part : parts_) {
        const std::size_t end = std::min(text.find('|'), text.size());
        const std::string_view value = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (value == absent_text) continue;
        switch (part.type) {
            case Type::instrument:
                group.instrument = instrument_id(value);
                break;
            case Type::market:
                group.market = market_id(value);
                break;
            case Type::venue:
                group.venue = venue_id(value);
                break;
            case Type::kind:
            case Type::field:
                group.labels.push_back({name_id(part.name), name_id(value), 0});
                break;
        }
    }
    return group;
}

}  // namespace spillway::window
