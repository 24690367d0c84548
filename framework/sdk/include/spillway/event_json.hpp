#pragma once

#include <string_view>

#include <spillway/batch.hpp>
#include <spillway/pod_vector.hpp>
#include <spillway/status.hpp>

namespace spillway {

/// Appends the event as one JSON object without a line break, the form that files, dead letters
/// and topics share: kind, times (ISO 8601), names as text, present fields by name, contributions
/// and members as arrays. Numbers are written shortest-round-trip; bytes that are not UTF-8 as
/// {"hex": "..."}; a number that is not finite as null. An extension's own fields follow its name;
/// those called `bytes` or `fields` stand in an object `fields` at the end.
///
/// `parse_event_json` reads it back without loss. Left out are what means something only inside one
/// run (order sequence, broadcast flag) and values of fields that are absent.
void append_json(PodVector<char>& out, const Event& event, const Batch& batch);

/// Appends the event of that form to `batch`. An error (Code::bad_record) names the field and
/// leaves the batch as it was; unknown fields are errors. The answer is valid until the batch
/// changes.
[[nodiscard]] Result<Event*> parse_event_json(std::string_view text, Batch& batch);

/// Appends `text` as a JSON string, escaped; invalid UTF-8 becomes U+FFFD.
void append_json_string(PodVector<char>& out, std::string_view text);

/// Appends the shortest decimal that reads back as the same double; `null` for NaN and infinity.
void append_json_number(PodVector<char>& out, double value);

inline void append(PodVector<char>& out, std::string_view text) {
    const std::uint32_t at = out.size();
    if (at + text.size() > out.capacity()) {
        out.reserve(static_cast<std::uint32_t>((at + text.size()) * 2));
    }
    out.resize_uninitialised(static_cast<std::uint32_t>(at + text.size()));
    std::memcpy(out.data() + at, text.data(), text.size());
}

[[nodiscard]] inline std::string_view view(const PodVector<char>& text) noexcept {
    return {text.data(), text.size()};
}

}  // namespace spillway
