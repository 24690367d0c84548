#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <spillway/dead_letter.hpp>
#include <spillway/event_json.hpp>
#include <spillway/fields.hpp>
#include <spillway/node.hpp>
#include <spillway/source.hpp>

#include "json_cursor.hpp"
#include "own_blob.hpp"

namespace spillway {
namespace {

constexpr std::array<std::string_view, 6> frame_types = {"opened",   "subscribed", "data",
                                                         "response", "closed",     "gap"};

void fill(Batch& batch, Event& event, std::string_view node, std::string_view place,
          std::string_view reason, std::string_view raw, std::uint32_t attempt,
          std::string_view origin, std::uint64_t raw_size = 0) noexcept {
    static const NameId name = name_id(dead_letter_name);
    event.extension.name = name;
    event.set_present(field::extension::name);
    batch.extend_blob(event, sizeof(DeadLetter));
    DeadLetter letter{};
    letter.raw_size = std::max<std::uint64_t>(raw.size(), raw_size);
    letter.attempt = attempt;
    letter.node = batch.add_text(event, node);
    letter.place = batch.add_text(event, place);
    letter.reason = batch.add_text(event, reason.substr(0, 1024));
    letter.origin = batch.add_text(event, origin);
    letter.raw = batch.add_text(event, raw.substr(0, dead_letter_limit));
    // The arena may have moved while texts were added: write the struct last.
    std::memcpy(detail::own_blob(batch, event), &letter, sizeof(letter));
}

/// Applies `on_error`; `write` puts the letter on the output.
template <class Write>
Status decide(const NodeSetup& setup, StepOutput& out, OrderKey key, Time event_time,
              const Status& why, Write&& write) noexcept {
    if (why.code() == Code::defect) return why;
    switch (setup.on_error) {
        case OnError::fail:
            return why;
        case OnError::skip:
            ++out.books->dropped;
            return {};
        case OnError::dead_letter:
            break;
    }
    ++out.books->dead_lettered;
    out.errors->begin(key);
    write();
    out.errors->batch()[out.errors->size() - 1].event_time = event_time;
    return {};
}

Status bad_origin() { return bad_record("the origin of the letter is damaged", "origin"); }

bool read_origin_field(detail::JsonCursor& json, std::string_view key, Frame& frame) {
    if (key == "venue") {
        frame.venue = venue_id(json.text());
    } else if (key == "channel") {
        frame.channel = name_id(json.text());
    } else if (key == "session") {
        frame.session = json.integer<std::uint32_t>();
    } else if (key == "http_status") {
        frame.http_status = json.integer<std::uint16_t>();
    } else if (key == "binary") {
        frame.binary = json.boolean();
    } else if (key == "type") {
        const auto type = std::find(frame_types.begin(), frame_types.end(), json.text());
        if (type == frame_types.end()) return false;
        frame.type = static_cast<FrameType>(type - frame_types.begin());
    } else {
        return false;
    }
    return json.ok();
}

}  // namespace

void write_dead_letter(Emitter& errors, std::string_view node, std::string_view place,
                       std::string_view reason, std::string_view raw, std::uint32_t attempt,
                       std::string_view origin) {
    Event& event = errors.emit(Kind::extension);
    fill(errors.batch(), event, node, place, reason, raw, attempt, origin);
}

void write_dead_letter(Emitter& errors, std::string_view node, std::string_view place,
                       std::string_view reason, const Event& event, const Batch& batch,
                       std::uint32_t attempt) {
    PodVector<char> text;
    append_json(text, event, batch);
    const bool broadcast = (event.flags & flag_broadcast) != 0;
    write_dead_letter(errors, node, place, reason, view(text), attempt,
                      broadcast ? origin_broadcast_event : origin_event);
}

void write_dead_letter(Emitter& errors, std::string_view node, std::string_view place,
                       std::string_view reason, const Frame& frame, std::uint32_t attempt) {
    write_dead_letter(errors, node, place, reason, frame.bytes, attempt, describe_origin(frame));
}

const DeadLetter* read_dead_letter(const Batch& batch, const Event& event) noexcept {
    if (event.kind() != Kind::extension || text_of(event.extension.name) != dead_letter_name) {
        return nullptr;
    }
    return batch.blob_as<DeadLetter>(event);
}

std::string describe_origin(const Frame& frame) {
    PodVector<char> out;
    append(out, origin_frame);
    append(out, " {\"venue\":");
    append_json_string(out, text_of(frame.venue));
    append(out, ",\"channel\":");
    append_json_string(out, text_of(frame.channel));
    append(out, fmt::format(R"(,"session":{},"type":"{}","http_status":{},"binary":{}}})",
                            frame.session, frame_types[static_cast<std::size_t>(frame.type)],
                            frame.http_status, frame.binary));
    return std::string(view(out));
}

Result<Frame> read_frame_origin(std::string_view origin) {
    Frame frame{};
    if (!origin.starts_with(origin_frame)) return tl::unexpected(bad_origin());
    detail::JsonCursor json(origin.substr(origin_frame.size()));
    std::string key;
    json.begin('{');
    while (json.next('}')) {
        key = json.key();
        if (!read_origin_field(json, key, frame)) return tl::unexpected(bad_origin());
    }
    if (!json.at_end()) return tl::unexpected(bad_origin());
    return frame;
}

Id dead_letter_id(Time time, std::string_view node, std::string_view place,
                  std::string_view raw) noexcept {
    const struct {
        std::uint64_t node = 0, place = 0;
        Time time = 0;
        Id raw;
    } key{hash_text(node), hash_text(place), time, hash_id(raw.data(), raw.size())};
    return hash_id(key);
}

void SourceOutput::dead_letter(Time receive_time, std::string_view place, std::string_view reason,
                               std::string_view raw, std::uint64_t raw_size) noexcept {
    letter_positions.push_back(frames.empty() ? events->size() : frames.size());
    Event& event = letters->append(Kind::extension);
    event.receive_time = receive_time;
    event.event_time = receive_time;
    fill(*letters, event, node, place, reason, raw, 1, {}, raw_size);
}

namespace detail {

Status refuse(const NodeSetup& setup, StepOutput& out, const Batch& batch, const Event& event,
              const Status& why) noexcept {
    return decide(setup, out, order_of(event), event.event_time, why, [&] {
        write_dead_letter(*out.errors, setup.id, why.subject(), why.message(), event, batch);
    });
}

Status refuse(const NodeSetup& setup, StepOutput& out, const Frame& frame,
              const Status& why) noexcept {
    return decide(setup, out, {frame.receive_time, frame.sequence}, frame.receive_time, why, [&] {
        write_dead_letter(*out.errors, setup.id, why.subject(), why.message(), frame);
    });
}

}  // namespace detail
}  // namespace spillway
