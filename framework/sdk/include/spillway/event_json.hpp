#pragma once

#include <string_view>

#include <spillway/batch.hpp>
#include <spillway/pod_vector.hpp>

namespace spillway {

/// Appends the event as one JSON object without a line break, the form that files, dead letters
/// and topics share: kind, times (ISO 8601), names as text, present fields by name, contributions
/// and members as arrays. Numbers are written shortest-round-trip.
void append_json(PodVector<char>& out, const Event& event, const Batch& batch);

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
