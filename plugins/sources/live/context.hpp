#pragma once

#include <cstddef>
#include <cstdint>

#include "backoff.hpp"
#include "figures.hpp"
#include "mailbox.hpp"
#include "network/network.hpp"
#include "topic_health.hpp"

namespace spillway::live {

/// What all parts of a driver share. Used on the I/O thread only.
struct Context {
    Network& network;
    const Protocol& protocol;
    Mailbox& mailbox;
    Figures& figures;
    Random random;
    std::size_t max_message = 8U << 20U;
    Duration reconnect_wait = Backoff::usual_ceiling;
    std::uint32_t last_session = 0;
    TopicHealth topics{};
};

}  // namespace spillway::live
