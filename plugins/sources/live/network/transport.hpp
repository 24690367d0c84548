#pragma once

#include <functional>
#include <memory>

#include "dial.hpp"
#include "network.hpp"

namespace spillway::live {

struct NetworkSettings;

/// What requests and WebSockets stand on: the way to a wire, timers and clocks. The real one is
/// made of sockets; a fuzzer plays another in simulated time. Everything happens on one thread.
class Transport {
public:
    virtual ~Transport() = default;
    [[nodiscard]] virtual const NetworkSettings& settings() const noexcept = 0;
    /// `done` is called once, never from within.
    [[nodiscard]] virtual std::shared_ptr<Dial> dial(const Url& url, Trace trace,
                                                     Dial::Done done) = 0;
    /// What is pending owns `call`, not the timer: whoever keeps its own timer may be in `call`.
    [[nodiscard]] virtual std::unique_ptr<Network::Timer> after(Duration delay,
                                                                std::function<void()> call) = 0;
    virtual void post(std::function<void()> call) = 0;
    [[nodiscard]] virtual Time now() const = 0;
    [[nodiscard]] virtual Time steady() const = 0;
};

/// The real one.
[[nodiscard]] std::shared_ptr<Transport> over_sockets(std::shared_ptr<Core> core);

}  // namespace spillway::live
