#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/venues/testing/protocol_text.hpp"

namespace spillway::testing {

/// Any bytes as messages of a socket, one a line, and as replies to what the protocol asks for
/// first: never a crash, whatever comes of them.
inline void fuzz_protocol(const Protocol& protocol, const std::uint8_t* data, std::size_t size) {
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    for (std::string_view rest = bytes; !rest.empty();) {
        // Of its own, so that the sanitizer sees reading behind its end.
        const std::string line(rest.substr(0, rest.find('\n')));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        static_cast<void>(to_text(protocol.hear("linear", line)));
        static_cast<void>(protocol.venue_time(line));
    }
    PlanText asked, plan;
    static_cast<void>(protocol.prepare(asked));
    if (asked.channels.empty()) asked.channels.emplace_back("reply");
    for (const std::string& channel : asked.channels) {
        const ReplyText reply(channel, bytes);
        MessageText page;
        const Reply views[] = {reply.view()};
        protocol.next_page(views[0], page);
        static_cast<void>(protocol.fault(views[0]));
        static_cast<void>(protocol.plan(views, plan));
    }
}

}  // namespace spillway::testing
