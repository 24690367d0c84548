#pragma once

#include <string>
#include <string_view>

#include <spillway/frame.hpp>
#include <spillway/id.hpp>
#include <spillway/status.hpp>
#include <spillway/time.hpp>

namespace spillway {

// What the raw bytes of a dead letter are, as the text `DeadLetter::origin`; it says what a replay
// has to know beside the bytes. Empty: a line of a source's input.

/// An event in its JSON form, refused by a node.
inline constexpr std::string_view origin_event = "event";
/// The same, over a `broadcast` input of that node.
inline constexpr std::string_view origin_broadcast_event = "event broadcast";
/// A frame: `frame ` and an object with venue, channel, session, type, HTTP status and whether it
/// is binary.
inline constexpr std::string_view origin_frame = "frame";

/// The origin of a frame.
[[nodiscard]] std::string describe_origin(const Frame& frame);
/// Reads it back; bytes, receive time and sequence of the answer are empty.
[[nodiscard]] Result<Frame> read_frame_origin(std::string_view origin);

/// Identity of a letter: what failed, where and when; neither reason nor attempt. The same record
/// refused again by the same node in another run has the same.
[[nodiscard]] Id dead_letter_id(Time time, std::string_view node, std::string_view place,
                                std::string_view raw) noexcept;

}  // namespace spillway
