#include <charconv>
#include <cmath>
#include <cstring>

#include <spillway/event_json.hpp>
#include <spillway/fields.hpp>
#include <spillway/node.hpp>

#include "event_keys.hpp"

namespace spillway {
namespace {

/// Length of the valid UTF-8 sequence at the start of `text`; 0 if it is not valid.
std::size_t utf8_length(std::string_view text) noexcept {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) return 1;
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) return 0;
    }
    if ((first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F)) return 0;
    if ((first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) > 0x8F)) return 0;
    return length;
}

bool is_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

/// Length of the text at the start that JSON takes as it is.
std::size_t plain_length(std::string_view text) noexcept {
    std::size_t length = 0;
    while (length < text.size()) {
        const auto c = static_cast<unsigned char>(text[length]);
        if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\') break;
        ++length;
    }
    return length;
}

class Writer {
public:
    explicit Writer(PodVector<char>& out) : out_(out) {}

    void open(char bracket) {
        out_.push_back(bracket);
        first_ = true;
    }
    void close(char bracket) {
        out_.push_back(bracket);
        first_ = false;
    }
    void element() {
        if (!first_) out_.push_back(',');
        first_ = false;
    }
    void key(std::string_view name) {
        const std::uint32_t at = out_.size();
        const auto most = static_cast<std::uint32_t>(name.size() + 4);
        if (at + most > out_.capacity()) out_.reserve((at + most) * 2);
        out_.resize_uninitialised(at + most);
        char* end = out_.data() + at;
        if (!first_) *end++ = ',';
        first_ = false;
        *end++ = '"';
        std::memcpy(end, name.data(), name.size());
        end += name.size();
        *end++ = '"';
        *end++ = ':';
        out_.resize_uninitialised(static_cast<std::uint32_t>(end - out_.data()));
    }
    /// A key that a plugin or a file chose: any text.
    void chosen_key(std::string_view name) {
        element();
        append_json_string(out_, name);
        out_.push_back(':');
    }
    void text(std::string_view name, std::string_view value) {
        key(name);
        append_json_string(out_, value);
    }
    void text(std::string_view value) { append_json_string(out_, value); }
    void number(double value) { append_json_number(out_, value); }
    /// Text, or bytes that are none.
    void bytes(std::string_view name, std::string_view value) {
        if (is_utf8(value)) return text(name, value);
        constexpr std::string_view digits = "0123456789abcdef";
        key(name);
        append(out_, R"({"hex":")");
        for (const char c : value) {
            const auto byte = static_cast<unsigned char>(c);
            out_.push_back(digits[byte >> 4U]);
            out_.push_back(digits[byte & 0xFU]);
        }
        append(out_, "\"}");
    }
    void number(std::string_view name, double value) {
        key(name);
        append_json_number(out_, value);
    }
    template <class Integer>
    void integer(std::string_view name, Integer value) {
        key(name);
        char digits[24];
        const auto end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
        append(out_, {digits, static_cast<std::size_t>(end - digits)});
    }
    void boolean(std::string_view name, bool value) {
        key(name);
        append(out_, value ? "true" : "false");
    }
    void time(std::string_view name, Time value) {
        key(name);
        char text[time_text_size];
        out_.push_back('"');
        append(out_, {text, write_time(text, value)});
        out_.push_back('"');
    }

private:
    PodVector<char>& out_;
    bool first_ = true;
};

template <class T>
T stored(const Event& event, const FieldInfo& field) noexcept {
    T value;
    std::memcpy(&value, reinterpret_cast<const char*>(&event) + field.offset, sizeof(T));
    return value;
}

void write_field(Writer& json, const FieldInfo& field, const Event& event, const Batch& batch) {
    switch (field.type) {
        case FieldType::number:
            json.number(field.name, stored<double>(event, field));
            return;
        case FieldType::count:
            json.integer(field.name, stored<std::uint64_t>(event, field));
            return;
        case FieldType::count32:
            json.integer(field.name, stored<std::uint32_t>(event, field));
            return;
        case FieldType::time:
            json.time(field.name, stored<Time>(event, field));
            return;
        case FieldType::duration:
            json.text(field.name, format_duration(stored<Duration>(event, field)));
            return;
        case FieldType::boolean:
            json.boolean(field.name, stored<bool>(event, field));
            return;
        case FieldType::choice: {
            const auto index = stored<std::uint8_t>(event, field);
            json.text(field.name, index < field.choices.size() ? field.choices[index] : "?");
            return;
        }
        case FieldType::name:
            json.text(field.name, text_of(stored<NameId>(event, field)));
            return;
        case FieldType::venue:
            json.text(field.name, text_of(stored<VenueId>(event, field)));
            return;
        case FieldType::text:
            json.bytes(field.name, event.kind() == Kind::liquidation
                                       ? batch.raw(event)
                                       : batch.text(event, stored<BlobRange>(event, field)));
            return;
        case FieldType::id:
            json.text(field.name, to_uuid_string(stored<Id>(event, field)));
            return;
    }
}

void write_contributions(Writer& json, PodVector<char>& out, const Event& event, const Batch& batch,
                         std::size_t offset, std::uint32_t count) {
    const auto* items = batch.blob_as<Contribution>(event, offset, count);
    if (items == nullptr) return;
    json.key("contributions");
    json.open('[');
    for (std::uint32_t i = 0; i < count; ++i) {
        const Contribution& item = items[i];
        json.element();
        Writer inner(out);
        inner.open('{');
        inner.text("component", text_of(item.component));
        if (!item.missing || item.points != 0) inner.number("points", item.points);
        inner.number("cap", item.cap);
        if (item.has_raw) inner.number("raw", item.raw);
        if (item.age >= 0) inner.text("age", format_duration(item.age));
        if (item.missing) inner.boolean("missing", true);
        if (item.reason != NameId::none) inner.text("reason", text_of(item.reason));
        if (item.venues.length > 0) inner.text("venues", batch.text(event, item.venues));
        inner.close('}');
    }
    json.close(']');
}

void write_cascade(Writer& json, PodVector<char>& out, const Event& event, const Batch& batch) {
    const auto* detail = batch.blob_as<CascadeDetail>(event);
    if (detail == nullptr) return;
    json.number("risk", detail->risk);
    json.number("risk_peak", detail->risk_peak);
    json.number("risk_mean", detail->risk_mean);
    json.number("risk_percent", detail->risk_percent);
    const std::size_t venues_at = sizeof(CascadeDetail);
    if (const auto* venues = batch.blob_as<CascadeVenue>(event, venues_at, detail->venues)) {
        json.key("venues");
        json.open('[');
        for (std::uint32_t i = 0; i < detail->venues; ++i) {
            json.element();
            Writer inner(out);
            inner.open('{');
            inner.text("venue", text_of(venues[i].venue));
            inner.number("notional", venues[i].notional);
            inner.integer("count", venues[i].count);
            inner.close('}');
        }
        json.close(']');
    }
    const std::size_t members_at = venues_at + detail->venues * sizeof(CascadeVenue);
    if (const auto* members = batch.blob_as<CascadeMember>(event, members_at, detail->members)) {
        json.key("members");
        json.open('[');
        for (std::uint32_t i = 0; i < detail->members; ++i) {
            json.element();
            Writer inner(out);
            inner.open('{');
            inner.time("time", members[i].time);
            inner.text("id", to_string(members[i].id));
            inner.text("venue", text_of(members[i].venue));
            inner.text("instrument", text_of(members[i].instrument));
            inner.text("side", name_in(side_names, members[i].side));
            inner.number("notional", members[i].notional);
            inner.close('}');
        }
        json.close(']');
    }
}

void write_alert(Writer& json, PodVector<char>& out, const Event& event, const Batch& batch) {
    const auto* detail = batch.blob_as<AlertDetail>(event);
    if (detail == nullptr) return;
    json.text("message", batch.text(event, detail->message));
    if (detail->markets.length > 0) json.text("markets", batch.text(event, detail->markets));
    write_contributions(json, out, event, batch, sizeof(AlertDetail), detail->contributions);
}

void write_letter(Writer& json, const DeadLetter& letter, const Event& event, const Batch& batch) {
    json.text("node", batch.text(event, letter.node));
    json.text("place", batch.text(event, letter.place));
    json.text("reason", batch.text(event, letter.reason));
    json.integer("attempt", letter.attempt);
    if (letter.origin.length > 0) json.text("origin", batch.text(event, letter.origin));
    json.integer("raw_size", letter.raw_size);
    json.bytes("raw", batch.text(event, letter.raw));
}

void write_extension(Writer& json, const Event& event, const Batch& batch) {
    if (const DeadLetter* letter = read_dead_letter(batch, event)) {
        write_letter(json, *letter, event, batch);
        return;
    }
    const std::uint32_t count = event.extension.fields;
    const auto* fields = batch.blob_as<ExtensionField>(event, 0, count);
    if (fields == nullptr) return;
    const auto write = [&](const ExtensionField& one) {
        json.chosen_key(text_of(one.name));
        if (one.text != NameId::none) {
            json.text(text_of(one.text));
        } else {
            json.number(one.value);
        }
    };
    bool nested = false;
    for (std::uint32_t i = 0; i < count; ++i) {
        if (detail::is_nested(event, text_of(fields[i].name))) {
            nested = true;
        } else {
            write(fields[i]);
        }
    }
    if (!nested) return;
    json.key(detail::fields_key);
    json.open('{');
    for (std::uint32_t i = 0; i < count; ++i) {
        if (detail::is_nested(event, text_of(fields[i].name))) write(fields[i]);
    }
    json.close('}');
}

}  // namespace

void append_json(PodVector<char>& out, const Event& event, const Batch& batch) {
    Writer json(out);
    json.open('{');
    json.text("kind", to_string(event.kind()));
    json.time("time", event.event_time);
    if (event.receive_time != event.event_time) json.time("receive_time", event.receive_time);
    if (event.id) json.text("id", to_string(event.id));
    if (event.venue != VenueId::none) json.text("venue", text_of(event.venue));
    if (event.instrument != InstrumentId::none) json.text("instrument", text_of(event.instrument));
    if (event.market != MarketId::none) json.text("market", text_of(event.market));
    if ((event.flags & flag_simulated) != 0) json.boolean("simulated", true);
    if ((event.flags & flag_trial) != 0) json.boolean("trial", true);
    if ((event.flags & flag_estimate) != 0) json.boolean("estimate", true);
    const auto fields = fields_of(event.kind());
    for (unsigned i = 0; i < fields.size(); ++i) {
        if (event.has(i)) write_field(json, fields[i], event, batch);
    }
    switch (event.kind()) {
        case Kind::score:
            write_contributions(json, out, event, batch, 0, event.score.contributions);
            break;
        case Kind::cascade:
            write_cascade(json, out, event, batch);
            break;
        case Kind::alert:
            write_alert(json, out, event, batch);
            break;
        case Kind::extension:
            write_extension(json, event, batch);
            break;
        default:
            break;
    }
    json.close('}');
}

void append_json_string(PodVector<char>& out, std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    out.push_back('"');
    while (!text.empty()) {
        if (const std::size_t plain = plain_length(text); plain > 0) {
            append(out, text.substr(0, plain));
            text.remove_prefix(plain);
            continue;
        }
        const auto c = static_cast<unsigned char>(text.front());
        const std::size_t length = utf8_length(text);
        if (length == 0) {
            append(out, "\xEF\xBF\xBD");
            text.remove_prefix(1);
            continue;
        }
        if (c == '"' || c == '\\') {
            out.push_back('\\');
            out.push_back(static_cast<char>(c));
        } else if (c < 0x20) {
            append(out, "\\u00");
            out.push_back(hex[c >> 4U]);
            out.push_back(hex[c & 0xFU]);
        } else {
            append(out, text.substr(0, length));
        }
        text.remove_prefix(length);
    }
    out.push_back('"');
}

void append_json_number(PodVector<char>& out, double value) {
    if (!std::isfinite(value)) {
        append(out, "null");
        return;
    }
    char digits[32];
    // Whole numbers have a faster way; with many zeros at the end the shortest form is `1e+06`.
    const auto whole = std::abs(value) < 1e15 ? static_cast<std::int64_t>(value) : 0;
    const bool plain = whole % 10'000 != 0 && static_cast<double>(whole) == value;
    const auto end = plain ? std::to_chars(digits, digits + sizeof(digits), whole).ptr
                           : std::to_chars(digits, digits + sizeof(digits), value).ptr;
    append(out, {digits, static_cast<std::size_t>(end - digits)});
}

}  // namespace spillway
