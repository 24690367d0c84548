#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "beast_network.hpp"
#include "proxy.hpp"
#include "url.hpp"

namespace spillway::live {

/// Where TCP connects to for a URL, and what is asked of the proxy there if it is one.
struct Route {
    std::string host;
    std::uint16_t port = 0;
    const Proxy* proxy = nullptr;
    std::string tunnel = {};  ///< "host:port" that the proxy connects to
    bool gateway = false;     ///< in place of the URL's host
};

/// Gateway and proxies of the settings.
class Routes {
public:
    [[nodiscard]] static tl::expected<Routes, std::string> make(
        const NetworkSettings& settings, const ProxyRules::Environment& environment);

    /// The gateway goes before the proxies of the environment, but not before that of the option.
    [[nodiscard]] Route find(const Url& url) const;
    /// Files of certificates to trust.
    [[nodiscard]] const std::vector<std::string>& ca_files() const noexcept { return ca_files_; }

private:
    HostPort gateway_;
    ProxyRules proxies_;
    std::vector<std::string> ca_files_;
};

}  // namespace spillway::live
