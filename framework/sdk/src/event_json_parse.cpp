#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include <spillway/event_json.hpp>
#include <spillway/fields.hpp>
#include <spillway/node.hpp>

#include "event_keys.hpp"
#include "event_parts.hpp"
#include "json_cursor.hpp"
#include "json_values.hpp"

namespace spillway {
namespace {

using detail::JsonCursor;

template <class Enum, std::size_t Count>
std::optional<Enum> read_choice(const std::array<std::string_view, Count>& names,
                                std::string_view text) noexcept {
    const auto found = std::find(names.begin(), names.end(), text);
    if (found == names.end()) return std::nullopt;
    return static_cast<Enum>(found - names.begin());
}

class EventReader {
public:
    EventReader(std::string_view text, Batch& batch) : json_(text), batch_(batch) {}

    Result<Event*> read() {
        const std::uint32_t before = batch_.size();
        json_.begin('{');
        if (read_kind()) read_members();
        if (json_.ok() && !json_.at_end()) field_.clear();
        if (json_.at_end()) {
            parts_.place(batch_);
            return &batch_[before];
        }
        batch_.truncate(before);
        return tl::unexpected(
            bad_record(field_.empty() ? std::string("not an event in JSON form")
                                      : fmt::format("not an event in JSON form: '{}' is not what "
                                                    "the field should be",
                                                    field_),
                       field_));
    }

private:
    [[nodiscard]] Event& event() noexcept { return batch_[batch_.size() - 1]; }

    template <class T>
    T take(std::optional<T> value) noexcept {
        if (!value) json_.fail();
        return value.value_or(T{});
    }
    Time time() { return take(detail::read_json_time(json_.text())); }
    Duration duration() { return take(detail::read_json_duration(json_.text())); }
    Id id() { return take(detail::read_json_id(json_.text())); }
    /// A name; its table may be full.
    template <class Handle>
    Handle name(Handle (*intern)(std::string_view) noexcept) {
        const std::string text = json_.text();
        const Handle handle = text.empty() ? Handle::none : intern(text);
        if (!text.empty() && handle == Handle::none) json_.fail();
        return handle;
    }

    bool read_kind() {
        field_ = "kind";
        if (!json_.next('}') || json_.key() != field_) {
            json_.fail();
            return false;
        }
        const Kind kind = take(read_choice<Kind>(kind_names, json_.text()));
        if (!json_.ok()) return false;
        batch_.append(kind);
        return true;
    }

    void read_members() {
        bool has_time = false;
        bool has_receive_time = false;
        while (json_.ok() && json_.next('}')) {
            field_ = json_.key();
            if (!json_.ok()) return;
            if (event().kind() == Kind::extension && event().has(field::extension::name)) {
                read_extension_member();
            } else if (field_ == "time") {
                event().event_time = time();
                has_time = true;
            } else if (field_ == "receive_time") {
                event().receive_time = time();
                has_receive_time = true;
            } else if (!read_header(field_)) {
                read_payload();
            }
        }
        if (!has_time) {
            field_ = "time";
            json_.fail();
        }
        if (!has_receive_time && json_.ok()) event().receive_time = event().event_time;
    }

    bool read_header(std::string_view key) {
        if (key == "id") {
            event().id = id();
        } else if (key == "venue") {
            event().venue = name(venue_id);
        } else if (key == "instrument") {
            event().instrument = name(instrument_id);
        } else if (key == "market") {
            event().market = name(market_id);
        } else if (key == "simulated") {
            read_flag(flag_simulated);
        } else if (key == "trial") {
            read_flag(flag_trial);
        } else if (key == "estimate") {
            read_flag(flag_estimate);
        } else {
            return false;
        }
        return true;
    }

    void read_flag(EventFlags flag) {
        if (json_.boolean()) event().flags = static_cast<std::uint16_t>(event().flags | flag);
    }

    void read_payload() {
        const Kind kind = event().kind();
        if (const FieldInfo* known = find_field(kind, field_); known != nullptr) {
            const unsigned index = index_of(kind, *known);
            if (event().has(index)) return json_.fail();  // twice
            read_field(*known);
            event().set_present(index);
        } else if (kind == Kind::extension && field_ == detail::fields_key) {
            read_nested();
        } else if (kind == Kind::cascade) {
            read_cascade_member();
        } else if (kind == Kind::alert && field_ == "message") {
            parts_.message = json_.text();
        } else if (kind == Kind::alert && field_ == "markets") {
            parts_.markets = json_.text();
        } else if ((kind == Kind::score || kind == Kind::alert) && field_ == "contributions") {
            read_contributions();
        } else {
            json_.fail();
        }
    }

    template <class T>
    void put(const FieldInfo& field, T value) noexcept {
        std::memcpy(reinterpret_cast<char*>(&event()) + field.offset, &value, sizeof(T));
    }

    void read_field(const FieldInfo& field) {
        switch (field.type) {
            case FieldType::number:
                return put(field, json_.number());
            case FieldType::count:
                return put(field, json_.integer<std::uint64_t>());
            case FieldType::count32:
                return put(field, json_.integer<std::uint32_t>());
            case FieldType::time:
                return put(field, time());
            case FieldType::duration:
                return put(field, duration());
            case FieldType::boolean:
                return put(field, json_.boolean());
            case FieldType::choice: {
                const std::string text = json_.text();
                const auto found = std::find(field.choices.begin(), field.choices.end(), text);
                if (found == field.choices.end()) return json_.fail();
                return put(field, static_cast<std::uint8_t>(found - field.choices.begin()));
            }
            case FieldType::name:
                return put(field, name(name_id));
            case FieldType::venue:
                return put(field, name(venue_id));
            case FieldType::text:
                parts_.texts.emplace_back(&field, bytes());
                return;
            case FieldType::id:
                return put(field, id());
        }
    }

    /// A text, or bytes as {"hex": "..."}.
    std::string bytes() {
        if (json_.peek() != '{') return json_.text();
        json_.begin('{');
        if (!json_.next('}') || json_.key() != "hex") json_.fail();
        const std::string digits = json_.text();
        if (json_.next('}') || digits.size() % 2 != 0) json_.fail();
        std::string out;
        for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
            std::uint8_t byte = 0;
            const char* const at = digits.data() + i;
            const auto [end, error] = std::from_chars(at, at + 2, byte, 16);
            if (error != std::errc{} || end != at + 2) json_.fail();
            out.push_back(static_cast<char>(byte));
        }
        return out;
    }

    void read_contributions() {
        parts_.has_contributions = true;
        json_.begin('[');
        while (json_.next(']')) {
            Contribution item{};
            item.age = -1;
            std::string venues;
            json_.begin('{');
            while (json_.next('}')) read_contribution_member(json_.key(), item, venues);
            parts_.contributions.push_back(item);
            parts_.contribution_venues.push_back(std::move(venues));
        }
    }

    void read_contribution_member(const std::string& key, Contribution& item, std::string& venues) {
        if (key == "component") {
            item.component = name(name_id);
        } else if (key == "points") {
            item.points = json_.number();
        } else if (key == "cap") {
            item.cap = json_.number();
        } else if (key == "raw") {
            item.raw = json_.number();
            item.has_raw = true;
        } else if (key == "age") {
            item.age = duration();
        } else if (key == "missing") {
            item.missing = json_.boolean();
        } else if (key == "reason") {
            item.reason = name(name_id);
        } else if (key == "venues") {
            venues = json_.text();
        } else {
            json_.fail();
        }
    }

    void read_cascade_member() {
        parts_.has_cascade = true;
        if (field_ == "risk") {
            parts_.cascade.risk = json_.number();
        } else if (field_ == "risk_peak") {
            parts_.cascade.risk_peak = json_.number();
        } else if (field_ == "risk_mean") {
            parts_.cascade.risk_mean = json_.number();
        } else if (field_ == "risk_percent") {
            parts_.cascade.risk_percent = json_.number();
        } else if (field_ == "venues") {
            read_items(parts_.cascade_venues, [this](const std::string& key, CascadeVenue& item) {
                if (key == "venue") {
                    item.venue = name(venue_id);
                } else if (key == "notional") {
                    item.notional = json_.number();
                } else if (key == "count") {
                    item.count = json_.integer<std::uint32_t>();
                } else {
                    json_.fail();
                }
            });
        } else if (field_ == "members") {
            read_items(parts_.cascade_members, [this](const std::string& key, CascadeMember& item) {
                if (key == "time") {
                    item.time = time();
                } else if (key == "id") {
                    item.id = id();
                } else if (key == "venue") {
                    item.venue = name(venue_id);
                } else if (key == "instrument") {
                    item.instrument = name(instrument_id);
                } else if (key == "side") {
                    item.side = take(read_choice<Side>(side_names, json_.text()));
                } else if (key == "notional") {
                    item.notional = json_.number();
                } else {
                    json_.fail();
                }
            });
        } else {
            json_.fail();
        }
    }

    template <class Item, class Member>
    void read_items(std::vector<Item>& items, Member member) {
        json_.begin('[');
        while (json_.next(']')) {
            Item item{};
            json_.begin('{');
            while (json_.next('}')) {
                const std::string key = json_.key();
                member(key, item);
            }
            items.push_back(item);
        }
    }

    void read_extension_member() {
        const bool letter = text_of(event().extension.name) == dead_letter_name;
        if (letter && read_letter_member()) return;
        if (field_ == "bytes") {
            parts_.texts.emplace_back(find_field(Kind::extension, field_), bytes());
            event().set_present(field::extension::bytes);
        } else if (field_ == detail::fields_key) {
            read_nested();
        } else {
            read_extension_field(field_);
        }
    }

    void read_nested() {
        json_.begin('{');
        while (json_.next('}')) read_extension_field(json_.key());
    }

    void read_extension_field(const std::string& key) {
        ExtensionField item{};
        item.name = name_id(key);
        if (item.name == NameId::none && !key.empty()) json_.fail();
        if (json_.peek() == '"') {
            item.text = name(name_id);
        } else {
            item.value = json_.number();
        }
        parts_.extension_fields.push_back(item);
    }

    bool read_letter_member() {
        if (field_ == "node") {
            parts_.letter.node = json_.text();
        } else if (field_ == "place") {
            parts_.letter.place = json_.text();
        } else if (field_ == "reason") {
            parts_.letter.reason = json_.text();
        } else if (field_ == "origin") {
            parts_.letter.origin = json_.text();
        } else if (field_ == "raw") {
            parts_.letter.raw = bytes();
            parts_.is_letter = true;
        } else if (field_ == "attempt") {
            parts_.letter.attempt = json_.integer<std::uint32_t>();
        } else if (field_ == "raw_size") {
            parts_.letter.raw_size = json_.integer<std::uint64_t>();
        } else {
            return false;
        }
        return true;
    }

    JsonCursor json_;
    Batch& batch_;
    std::string field_;  ///< that is being read
    detail::EventParts parts_;
};

}  // namespace

Result<Event*> parse_event_json(std::string_view text, Batch& batch) {
    return EventReader(text, batch).read();
}

}  // namespace spillway
