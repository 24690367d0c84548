#include "csv.hpp"

#include <charconv>
#include <cstring>
#include <string_view>

#include <spillway/event_json.hpp>

namespace spillway::file {
namespace {

constexpr std::string_view header = "time,receive_time,id,venue,instrument,market";

/// Quoted where needed. A text that a spreadsheet would run as a formula gets a leading blank.
void append_text(PodVector<char>& out, std::string_view text) {
    const bool formula =
        !text.empty() && std::string_view("=+-@").find(text[0]) != std::string_view::npos;
    if (!formula && text.find_first_of(",\"\r\n") == std::string_view::npos) {
        append(out, text);
        return;
    }
    append(out, formula ? "\" " : "\"");
    for (const char c : text) {
        if (c == '"') out.push_back('"');
        out.push_back(c);
    }
    out.push_back('"');
}

void append_time(PodVector<char>& out, Time time) {
    char text[time_text_size];
    append(out, {text, write_time(text, time)});
}

template <class Integer>
void append_integer(PodVector<char>& out, Integer value) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
    append(out, {digits, static_cast<std::size_t>(end - digits)});
}

template <class T>
T stored(const Event& event, const FieldInfo& field) noexcept {
    T value;
    std::memcpy(&value, reinterpret_cast<const char*>(&event) + field.offset, sizeof(T));
    return value;
}

void append_field(PodVector<char>& out, const FieldInfo& field, const Event& event,
                  const Batch& batch) {
    switch (field.type) {
        case FieldType::number:
            append_json_number(out, stored<double>(event, field));
            return;
        case FieldType::count:
            append_integer(out, stored<std::uint64_t>(event, field));
            return;
        case FieldType::count32:
            append_integer(out, stored<std::uint32_t>(event, field));
            return;
        case FieldType::time:
            append_time(out, stored<Time>(event, field));
            return;
        case FieldType::duration:
            append_text(out, format_duration(stored<Duration>(event, field)));
            return;
        case FieldType::boolean:
            append(out, stored<bool>(event, field) ? "true" : "false");
            return;
        case FieldType::choice:
            if (const auto index = stored<std::uint8_t>(event, field);
                index < field.choices.size()) {
                append_text(out, field.choices[index]);
            }
            return;
        case FieldType::name:
            append_text(out, text_of(stored<NameId>(event, field)));
            return;
        case FieldType::venue:
            append_text(out, text_of(stored<VenueId>(event, field)));
            return;
        case FieldType::text:
            append_text(out, event.kind() == Kind::liquidation
                                 ? batch.raw(event)
                                 : batch.text(event, stored<BlobRange>(event, field)));
            return;
        case FieldType::id:
            append(out, to_uuid_string(stored<Id>(event, field)));
            return;
    }
}

}  // namespace

void CsvWriter::choose_columns(const Event& first, const Batch& batch) {
    if (kind_ != Kind::extension) return;
    const std::uint32_t count = first.extension.fields;
    const auto* fields = batch.blob_as<ExtensionField>(first, 0, count);
    extension_columns_.clear();
    for (std::uint32_t i = 0; fields != nullptr && i < count; ++i) {
        extension_columns_.push_back(fields[i].name);
    }
}

void CsvWriter::append_header(PodVector<char>& out) const {
    append(out, header);
    for (const FieldInfo& field : fields_of(kind_)) {
        if (kind_ == Kind::extension && field.name == "bytes") continue;
        out.push_back(',');
        append(out, field.name);
    }
    for (const NameId column : extension_columns_) {
        out.push_back(',');
        append_text(out, text_of(column));
    }
    out.push_back('\n');
}

std::uint32_t CsvWriter::append_row(PodVector<char>& out, const Event& event,
                                    const Batch& batch) const {
    append_time(out, event.event_time);
    out.push_back(',');
    append_time(out, event.receive_time);
    out.push_back(',');
    if (event.id) append(out, to_string(event.id));
    out.push_back(',');
    append_text(out, text_of(event.venue));
    out.push_back(',');
    append_text(out, text_of(event.instrument));
    out.push_back(',');
    append_text(out, text_of(event.market));
    std::uint32_t left_out = 0;
    if (kind_ == Kind::extension) {
        left_out = append_extension(out, event, batch);
    } else {
        const auto fields = fields_of(kind_);
        for (unsigned i = 0; i < fields.size(); ++i) {
            out.push_back(',');
            if (event.has(i)) append_field(out, fields[i], event, batch);
        }
    }
    out.push_back('\n');
    return left_out;
}

std::uint32_t CsvWriter::append_extension(PodVector<char>& out, const Event& event,
                                          const Batch& batch) const {
    out.push_back(',');
    append_text(out, text_of(event.extension.name));
    const std::uint32_t count = event.extension.fields;
    const auto* fields = batch.blob_as<ExtensionField>(event, 0, count);
    std::uint32_t written = 0;
    for (const NameId column : extension_columns_) {
        out.push_back(',');
        for (std::uint32_t i = 0; fields != nullptr && i < count; ++i) {
            if (fields[i].name != column) continue;
            if (fields[i].text != NameId::none) {
                append_text(out, text_of(fields[i].text));
            } else {
                append_json_number(out, fields[i].value);
            }
            ++written;
            break;
        }
    }
    return count - written;
}

}  // namespace spillway::file
