#pragma once

#include <string_view>

namespace spillway {

// What live sources say in frames in words of their own, and decoders and reports know again.

/// Bytes of the frames that end a run: `closed` of each connection and of the venue, `gap` where it
/// was out already. No failure.
inline constexpr std::string_view stop_reason = "stopped";

/// Channel of a `gap` that says what was asked for and the venue does not have. All else goes on:
/// neither a connection nor a poll is concerned, and nothing ends it.
inline constexpr std::string_view missing_channel = "missing";

}  // namespace spillway
