#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "url.hpp"

namespace spillway::live {

/// An HTTP proxy that is asked for tunnels (CONNECT).
struct Proxy {
    std::string host;
    std::uint16_t port = 0;
    std::string authorization;  ///< "Basic ..." or empty; secret
};

/// Errors never hold the password.
[[nodiscard]] tl::expected<Proxy, std::string> parse_proxy(std::string_view text);

/// Which proxy is used for which host.
class ProxyRules {
public:
    /// An environment variable, or nullptr.
    using Environment = std::function<const char*(const char* name)>;

    /// `option` is a proxy for everything, "none" for none at all, or empty: then HTTPS_PROXY (or
    /// https_proxy, ALL_PROXY) is used but for the hosts of NO_PROXY and those on this machine.
    [[nodiscard]] static tl::expected<ProxyRules, std::string> make(std::string_view option,
                                                                    const Environment& environment);

    /// The proxy for this URL, or nullptr.
    [[nodiscard]] const Proxy* find(const Url& url) const noexcept;
    /// The proxy of the option, or nullptr.
    [[nodiscard]] const Proxy* explicit_proxy() const noexcept {
        return always_ && proxy_ ? &*proxy_ : nullptr;
    }

private:
    std::optional<Proxy> proxy_;
    bool always_ = false;
    std::vector<std::string> exempt_;
};

}  // namespace spillway::live
