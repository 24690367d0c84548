#include "proxy.hpp"

#include <algorithm>
#include <charconv>

#include <openssl/evp.h>

namespace spillway::live {

namespace {

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned value = 0;
        const char* const digits = text.data() + i + 1;
        if (text[i] == '%' && i + 2 < text.size() &&
            std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2) {
            out += static_cast<char>(value);
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::string base64(std::string_view text) {
    std::string out((text.size() + 2) / 3 * 4 + 1, '\0');
    const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
    auto* const to = reinterpret_cast<unsigned char*>(out.data());
    out.resize(static_cast<std::size_t>(EVP_EncodeBlock(to, bytes, static_cast<int>(text.size()))));
    return out;
}

/// An entry of NO_PROXY: "*", "host", ".domain" or "domain", each perhaps with ":port".
bool exempts(const std::string& entry, const Url& url) {
    if (entry == "*") return true;
    HostPort listed = parse_host_port(entry);
    // An IPv6 address without brackets.
    if (listed.host.empty()) listed = {entry, 0};
    if (listed.port != 0 && listed.port != url.port) return false;
    std::string_view domain = listed.host;
    if (domain.starts_with('*')) domain.remove_prefix(1);
    if (domain.starts_with('.')) domain.remove_prefix(1);
    if (domain.empty() || !url.host.ends_with(domain)) return false;
    return url.host.size() == domain.size() || url.host[url.host.size() - domain.size() - 1] == '.';
}

std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> entries;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of(", "), text.size());
        if (end > 0) entries.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return entries;
}

}  // namespace

tl::expected<Proxy, std::string> parse_proxy(std::string_view text) {
    std::string_view rest = text;
    if (rest.starts_with("https://")) {
        return tl::unexpected<std::string>(
            "proxies are spoken to over http://; what goes through is encrypted all the same");
    }
    if (rest.starts_with("http://")) rest.remove_prefix(7);
    while (rest.ends_with('/')) rest.remove_suffix(1);
    Proxy proxy;
    if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
        proxy.authorization = "Basic " + base64(percent_decoded(rest.substr(0, at)));
        rest.remove_prefix(at + 1);
    }
    HostPort where = parse_host_port(rest);
    if (where.host.empty()) {
        return tl::unexpected<std::string>(
            "proxy is not of the form http://[user:password@]host:port");
    }
    proxy.host = std::move(where.host);
    proxy.port = where.port != 0 ? where.port : 3128;
    return proxy;
}

tl::expected<ProxyRules, std::string> ProxyRules::make(std::string_view option,
                                                       const Environment& environment) {
    ProxyRules rules;
    if (option == "none") return rules;
    const auto first_of = [&](std::initializer_list<const char*> names, std::string& used) {
        for (const char* name : names) {
            const char* const value = environment(name);
            if (value == nullptr || *value == '\0') continue;
            used = name;
            return std::string_view(value);
        }
        return std::string_view();
    };
    std::string origin = "option 'proxy'";
    std::string_view text = option;
    rules.always_ = !option.empty();
    if (!rules.always_) {
        text = first_of({"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"}, origin);
        std::string unused;
        rules.exempt_ = split_list(first_of({"NO_PROXY", "no_proxy"}, unused));
    }
    if (text.empty()) return rules;
    tl::expected<Proxy, std::string> proxy = parse_proxy(text);
    if (!proxy) return tl::unexpected(origin + ": " + proxy.error());
    rules.proxy_ = std::move(*proxy);
    return rules;
}

const Proxy* ProxyRules::find(const Url& url) const noexcept {
    if (!proxy_ || !url.tls) return nullptr;
    if (always_) return &*proxy_;
    if (is_loopback(url.host)) return nullptr;
    const auto listed = [&](const std::string& entry) { return exempts(entry, url); };
    return std::ranges::any_of(exempt_, listed) ? nullptr : &*proxy_;
}

}  // namespace spillway::live
