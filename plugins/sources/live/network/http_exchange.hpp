#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "network.hpp"

namespace spillway::live {

struct Url;
class Wire;

/// A response body above this is refused.
inline constexpr std::size_t largest_body = 16 << 20;

/// One request and its response on an open wire; `took` is counted from sending. Closing the wire
/// ends it.
struct Exchanged {
    Response response;
    bool reusable = false;  ///< the wire can carry another exchange
    /// The server had closed the wire before it saw the request.
    bool stale = false;
};

void exchange(std::shared_ptr<Wire> wire, const Url& url, const Request& request,
              const std::string& user_agent, std::function<void(Exchanged)> done);

}  // namespace spillway::live
