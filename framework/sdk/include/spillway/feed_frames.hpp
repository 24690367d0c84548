#pragma once

#include <cstdint>
#include <string_view>

namespace spillway {

// What live sources say in frames in words of their own, and decoders and reports know again.
//
//     opened, session 0    the source asked what to connect to; bytes: its sockets, comma list
//     opened               a connection to the socket that the channel names
//     subscribed           every connection to that socket listens
//     closed               one of them is out; bytes: why
//     gap                  something of the socket is missing, until it is `subscribed` again
//
// and on channels of their own:

/// Bytes of the frames that end a run: `closed` of each connection and of the venue, `gap` where it
/// was out already. No failure.
inline constexpr std::string_view stop_reason = "stopped";

/// Channel of a `gap` that says what was asked for and the venue does not have. All else goes on:
/// neither a connection nor a poll is concerned, and nothing ends it.
inline constexpr std::string_view missing_channel = "missing";

/// Channel of a `gap` that says that the venue's clock is ahead of ours. Nothing ends it.
inline constexpr std::string_view clock_channel = "clock";

/// Channels "stale.<kind>": topics of the kind fell silent (`gap`), and deliver again, all of them
/// (`subscribed`).
inline constexpr std::string_view stale_channels = "stale.";
/// Channels "refused.<kind>": the same of topics that the venue will not give.
inline constexpr std::string_view refused_channels = "refused.";

/// Bytes of a `gap` where frames were dropped because they came faster than they were taken. What
/// comes next is whole again.
inline constexpr std::string_view overflow_reason =
    "the pipeline did not keep up: the oldest data that waited was dropped";

/// Status of the frame of a request without a reply (no connection, no answer in time), whose bytes
/// say why. Not 0: that is a recording that did not keep it.
inline constexpr std::uint16_t no_reply = 599;

}  // namespace spillway
