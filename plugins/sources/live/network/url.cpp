#include "url.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <arpa/inet.h>

namespace spillway::live {

namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

/// Spaces and control characters would end the request line early.
bool printable(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 127; });
}

std::string bracketed(const std::string& host) {
    return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

}  // namespace

std::string Url::authority() const {
    const bool usual = port == (tls ? 443 : 80);
    return usual ? bracketed(host) : bracketed(host) + ":" + std::to_string(port);
}

std::string Url::origin() const {
    return (tls ? "s " : "p ") + bracketed(host) + ":" + std::to_string(port);
}

HostPort parse_host_port(std::string_view text) {
    HostPort result;
    std::string_view host = text;
    std::string_view port;
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos) return {};
        host = text.substr(1, end - 1);
        port = text.substr(end + 1);
        if (!port.empty() && !port.starts_with(':')) return {};
        if (!port.empty()) port.remove_prefix(1);
    } else if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
        host = text.substr(0, colon);
        port = text.substr(colon + 1);
        if (port.empty()) return {};
    }
    if (!port.empty()) {
        const char* const end = port.data() + port.size();
        const auto [stop, error] = std::from_chars(port.data(), end, result.port);
        if (error != std::errc{} || stop != end || result.port == 0) return {};
    }
    if (!printable(host) || host.find_first_of("/?#@") != std::string_view::npos) return {};
    result.host.resize(host.size());
    std::ranges::transform(host, result.host.begin(), lower);
    return result;
}

tl::expected<Url, std::string> parse_url(std::string_view text) {
    const std::string shown = without_secrets(text);
    Url url;
    std::string_view rest = text;
    const auto scheme = [&](std::string_view name, bool tls, bool websocket) {
        if (!rest.starts_with(name)) return false;
        rest.remove_prefix(name.size());
        url.tls = tls;
        url.websocket = websocket;
        url.port = tls ? 443 : 80;
        return true;
    };
    if (!scheme("https://", true, false) && !scheme("wss://", true, true) &&
        !scheme("http://", false, false) && !scheme("ws://", false, true)) {
        return tl::unexpected("URL '" + shown + "' does not start with https:// or wss://");
    }
    rest = rest.substr(0, rest.find('#'));
    const std::size_t path = rest.find_first_of("/?");
    if (path != std::string_view::npos) {
        url.target = rest.substr(path);
        if (url.target.front() == '?') url.target.insert(0, "/");
        rest = rest.substr(0, path);
    }
    HostPort where = parse_host_port(rest);
    if (where.host.empty()) return tl::unexpected("URL '" + shown + "' has no valid host");
    if (!printable(url.target)) {
        return tl::unexpected("URL '" + shown + "' has a space or control character: write %20");
    }
    url.host = std::move(where.host);
    if (where.port != 0) url.port = where.port;
    if (!url.tls && !is_loopback(url.host)) {
        return tl::unexpected("URL '" + shown +
                              "' is not encrypted, which only hosts on this machine may be: use "
                              "https:// or wss://");
    }
    return url;
}

std::string without_secrets(std::string_view url) {
    url = url.substr(0, url.find_first_of("?#"));
    const std::size_t scheme = url.find("://");
    const std::size_t host = scheme == std::string_view::npos ? 0 : scheme + 3;
    const std::size_t path = std::min(url.find('/', host), url.size());
    const std::size_t at = url.substr(0, path).rfind('@');
    if (at == std::string_view::npos || at < host) return std::string(url);
    return std::string(url.substr(0, host)).append(url.substr(at + 1));
}

bool is_loopback(std::string_view host) noexcept {
    if (host == "localhost" || host == "::1") return true;
    return host.starts_with("127.") &&
           host.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool is_ip_address(const std::string& host) noexcept {
    std::array<unsigned char, sizeof(in6_addr)> address{};
    return inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
           inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

}  // namespace spillway::live
