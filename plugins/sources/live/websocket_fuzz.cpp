#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "testing/fuzzed_venue.hpp"

namespace {

using namespace spillway;

/// One socket with topics of every sort. `gzip`: it brings packed messages, and is pinged by the
/// WebSocket's own pings.
live::ToyVenue speaking_venue(bool gzip) {
    live::ToyVenue venue;
    venue.on_plan = [gzip](std::span<const Reply>, PlanWriter& out) {
        Socket socket;
        socket.name = "feed";
        socket.url = "wss://feed.toy.example/ws";
        socket.messages_per_second = 5;
        socket.connects_per_minute = 60;
        socket.lifetime = hour;
        socket.ping_every = 5 * second;
        socket.silence = 20 * second;
        socket.gzip = gzip;
        if (!gzip) {
            socket.ping = "ping";
            socket.hello = "hello";
        }
        out.socket(socket);
        out.topic({"feed", "a", Kind::price, 5 * second, {}, 0});
        out.topic({"feed", "b", Kind::price, 0, {}, 0});
        out.topic({"feed", "c", Kind::liquidation, 0, {}, 0});
        return Status();
    };
    return venue;
}

}  // namespace

/// Any bytes as what a WebSocket server sends, from its answer to the handshake on, in any pieces
/// and at any times. A first line "gzip" makes it a server of packed messages.
extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming)
    const std::uint8_t* data, std::size_t size) {
    std::string_view script(reinterpret_cast<const char*>(data), size);
    constexpr std::string_view packed = "gzip\n";
    const bool gzip = script.starts_with(packed);
    if (gzip) script.remove_prefix(packed.size());
    live::testing::fuzz_driver(speaking_venue(gzip), script);
    return 0;
}
