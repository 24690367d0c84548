#include "common/venues/wire.hpp"

#include <charconv>
#include <exception>

#include <fmt/format.h>

namespace spillway::venues {
namespace {

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

}  // namespace

bool MessageReader::read(std::string_view message, dom::object& object) noexcept {
    try {
        padded_.reserve(message.size() + simdjson::SIMDJSON_PADDING);
        padded_ = message;
        return read_message(parser_, padded_, object).ok();
    } catch (const std::exception&) {
        return false;
    }
}

std::optional<Time> time_behind(std::string_view body, std::string_view key) noexcept {
    const std::size_t at = body.rfind(key);
    if (at == std::string_view::npos) return std::nullopt;
    std::string_view rest = body.substr(at + key.size());
    while (rest.starts_with(' ') || rest.starts_with('"')) rest.remove_prefix(1);
    std::int64_t millis = 0;
    const auto [stop, error] = std::from_chars(rest.data(), rest.data() + rest.size(), millis);
    if (error != std::errc() || !is_event_time(millis)) return std::nullopt;
    return millis * millisecond;
}

std::uint64_t read_request_id(dom::object answer, std::string_view key) noexcept {
    dom::element value;
    std::int64_t id = 0;
    if (find_value(answer, key, value) != Found::present) return 0;
    return read_integer(value, id) == Found::present && id > 0 ? static_cast<std::uint64_t>(id) : 0;
}

void get(PlanWriter& out, std::string_view base, std::string_view name, spillway::Poll poll) {
    const std::string url = fmt::format("{}{}", base, percent_encoded(name, "/?&=,%"));
    poll.channel = name;
    poll.url = url;
    out.poll(poll);
}

std::string percent_encoded(std::string_view text, std::string_view also) {
    std::string encoded;
    for (const char c : text) {
        if (is_unreserved(c) || also.find(c) != std::string_view::npos) {
            encoded += c;
        } else {
            encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return encoded;
}

bool is_plain_name(std::string_view name) noexcept {
    for (const char c : name) {
        if (static_cast<unsigned char>(c) < ' ' || c == '"' || c == '\\') return false;
    }
    return !name.empty();
}

}  // namespace spillway::venues
