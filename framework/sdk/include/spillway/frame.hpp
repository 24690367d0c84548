#pragma once

#include <cstdint>
#include <string_view>

#include <spillway/names.hpp>
#include <spillway/time.hpp>

namespace spillway {

/// What a frame tells a decoder. Connection changes are frames too: a decoder knows only frames.
enum class FrameType : std::uint8_t { opened, subscribed, data, response, closed, gap };

/// Raw bytes from outside on their way to a decoder. `bytes` views the input block, which has 64
/// readable bytes after it; valid during the call. Plain data.
struct Frame {
    Time receive_time;
    std::uint64_t sequence;  ///< order key; set by the ingress
    std::string_view bytes;
    std::uint32_t session;
    NameId channel;  ///< stream or poll name
    VenueId venue;
    std::uint16_t http_status;  ///< of responses; 0 otherwise
    FrameType type;
    bool binary;
};

}  // namespace spillway
