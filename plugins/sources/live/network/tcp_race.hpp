#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "wire.hpp"

namespace spillway::live {

/// Connects to the first address that answers: they are tried in turn, IPv6 and IPv4 by turns, the
/// next one as soon as one fails or has not answered for 250 ms (as RFC 8305 does).
class TcpRace {
public:
    /// The socket is open, or `why` says what became of each address.
    using Done = std::function<void(Tcp socket, const std::string& why)>;

    virtual ~TcpRace() = default;
    /// `done` will not be called.
    virtual void cancel() = 0;
};

[[nodiscard]] std::shared_ptr<TcpRace> race(IoContext& io, std::vector<Endpoint> addresses,
                                            TcpRace::Done done);

[[nodiscard]] std::string to_text(const Endpoint& address);

}  // namespace spillway::live
