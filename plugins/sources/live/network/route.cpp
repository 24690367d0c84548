#include "route.hpp"

#include <utility>

namespace spillway::live {

tl::expected<Routes, std::string> Routes::make(const NetworkSettings& settings,
                                               const ProxyRules::Environment& environment) {
    Routes routes;
    if (!settings.ca_file.empty()) routes.ca_files_.push_back(settings.ca_file);
    if (!settings.gateway.empty()) {
        const std::size_t comma = settings.gateway.find(',');
        routes.gateway_ = parse_host_port(settings.gateway.substr(0, comma));
        if (routes.gateway_.host.empty() || routes.gateway_.port == 0) {
            return tl::unexpected("'" + settings.gateway +
                                  "' is not of the form host:port or host:port,ca.pem");
        }
        if (comma != std::string::npos) {
            routes.ca_files_.push_back(settings.gateway.substr(comma + 1));
        }
    }
    tl::expected<ProxyRules, std::string> proxies = ProxyRules::make(settings.proxy, environment);
    if (!proxies) return tl::unexpected(std::move(proxies.error()));
    routes.proxies_ = std::move(*proxies);
    return routes;
}

Route Routes::find(const Url& url) const {
    const bool bypass = !gateway_.host.empty();
    Url target = url;
    if (bypass) {
        target.host = gateway_.host;
        target.port = gateway_.port;
    }
    const Proxy* const proxy =
        bypass && proxies_.explicit_proxy() == nullptr ? nullptr : proxies_.find(target);
    if (proxy == nullptr) return {target.host, target.port, nullptr, {}, bypass};
    const bool brackets = target.host.find(':') != std::string::npos;
    return {proxy->host, proxy->port, proxy,
            (brackets ? "[" + target.host + "]" : target.host) + ":" + std::to_string(target.port)};
}

}  // namespace spillway::live
