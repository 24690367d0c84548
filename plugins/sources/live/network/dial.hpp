#pragma once

#include <functional>
#include <memory>

#include "network.hpp"
#include "trace.hpp"

namespace spillway::live {

struct Core;
struct Url;
class Wire;

/// The way to an open connection: name, TCP (to the host, the gateway or the proxy), the proxy's
/// tunnel, TLS. Each step has the settings' time.
class Dial {
public:
    /// A wire, or why there is none.
    using Done = std::function<void(std::shared_ptr<Wire> wire, const Ended& failure)>;

    virtual ~Dial() = default;
    /// `done` will not be called.
    virtual void cancel() = 0;
};

/// `done` is called once, never from within.
[[nodiscard]] std::shared_ptr<Dial> dial(std::shared_ptr<Core> core, const Url& url, Trace trace,
                                         Dial::Done done);

}  // namespace spillway::live
