#include "http_words.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>

#include "url.hpp"

namespace spillway::live {

std::optional<std::int64_t> parse_http_date(std::string_view text) noexcept {
    std::tm parts{};
    const std::string terminated(text);
    const char* const end = strptime(terminated.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    if (end == nullptr || *end != '\0') return std::nullopt;
    return timegm(&parts);
}

std::optional<Duration> parse_retry_after(std::string_view value, Time now) noexcept {
    while (value.starts_with(' ')) value.remove_prefix(1);
    while (value.ends_with(' ')) value.remove_suffix(1);
    const char* const end = value.data() + value.size();
    double seconds = 0;
    const auto [stop, error] =
        std::from_chars(value.data(), end, seconds, std::chars_format::fixed);
    if (error == std::errc{} && stop == end && seconds >= 0) {
        return static_cast<Duration>(std::min(seconds, to_seconds(longest_retry)) * 1e9);
    }
    const std::optional<std::int64_t> date = parse_http_date(value);
    if (!date) return std::nullopt;
    constexpr std::int64_t longest = longest_retry / second;
    return std::clamp<std::int64_t>(*date - now / second, 0, longest) * second;
}

std::string_view status_advice(std::uint16_t status) noexcept {
    switch (status) {
        case 401:
            return "it wants a key, or does not accept the one it got: check the key";
        case 403:
            return "it refuses this address, as venues do with countries they do not serve and "
                   "with data centres: read its terms; name a `proxy` elsewhere, or leave the "
                   "venue out of the pipeline";
        case 407:
            return "the proxy wants a user and password: proxy: http://user:password@host:port";
        case 418:
            return "this address is banned for a while because it asked too often: see what else "
                   "uses it; it is tried again when the ban is over";
        case 429:
            return "too many requests from this address: see what else uses it, and ask for fewer "
                   "markets if it comes again";
        case 451:
            return "it does not serve this country: name a `proxy` elsewhere, or leave the venue "
                   "out of the pipeline";
        default:
            return status >= 500 ? "the fault is on its side: try again later" : "";
    }
}

std::string describe_status(std::uint16_t status, std::string_view host, std::string_view body,
                            std::string_view location) {
    std::string text = "HTTP " + std::to_string(status) + " from " + std::string(host);
    if (status >= 300 && status < 400 && !location.empty()) {
        text += ", a redirect to " + quotable(without_secrets(location)) +
                ", which is not followed: the address of the endpoint has changed, or something "
                "between here and there answers in its place";
        return text;
    }
    if (const std::string_view advice = status_advice(status); !advice.empty()) {
        text.append(": ").append(advice);
    }
    if (!body.empty()) text += " (it says: " + quotable(body) + ")";
    return text;
}

std::string quotable(std::string_view text, std::size_t limit) {
    std::string out;
    for (const char c : text) {
        if (out.size() >= limit) {
            out += "...";
            break;
        }
        if (c > ' ' && c < 127) {
            out += c;
        } else if (!out.empty() && out.back() != ' ') {
            out += ' ';
        }
    }
    while (out.ends_with(' ')) out.pop_back();
    return out;
}

}  // namespace spillway::live
