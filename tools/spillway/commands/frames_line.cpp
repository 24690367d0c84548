#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>

#include <spillway/event_json.hpp>

#include "commands/frames.hpp"

namespace spillway::cli {
namespace {

constexpr std::array<std::string_view, 6> type_names = {"opened",   "subscribed", "data",
                                                        "response", "closed",     "gap"};
constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct Nowhere {
    static void Put(char) noexcept {}  // NOLINT(readability-identifier-naming)
};

bool is_utf8(std::string_view bytes) {
    rapidjson::MemoryStream in(bytes.data(), bytes.size());
    Nowhere out;
    while (in.Tell() < bytes.size()) {
        if (!rapidjson::UTF8<>::Validate(in, out)) return false;
    }
    return true;
}

std::string_view text_of_value(const rapidjson::Value& value) {
    return {value.GetString(), value.GetStringLength()};
}

/// Digits up to the end or one of `stops`, which is taken.
bool take_number(std::string_view& text, std::string_view stops, int& value) {
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || value < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
    if (text.empty()) return true;
    if (stops.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return !text.empty();
}

// These read one member each, and answer what is wrong with it, or null.

const char* read_time(const rapidjson::Value& value, Frame& frame) {
    if (value.IsInt64()) {
        frame.receive_time = value.GetInt64();
        return nullptr;
    }
    const auto time = value.IsString() ? parse_time(text_of_value(value)) : std::nullopt;
    if (!time) return "expected a time like 2026-02-05T20:25:00Z, or nanoseconds since 1970";
    frame.receive_time = *time;
    return nullptr;
}

const char* read_type(const rapidjson::Value& value, Frame& frame) {
    const auto* const found =
        value.IsString() ? std::find(type_names.begin(), type_names.end(), text_of_value(value))
                         : type_names.end();
    if (found == type_names.end()) {
        return "expected opened, subscribed, data, response, closed or gap";
    }
    frame.type = static_cast<FrameType>(found - type_names.begin());
    return nullptr;
}

const char* read_base64(const rapidjson::Value& value, std::string& storage) {
    auto bytes = value.IsString() ? from_base64(text_of_value(value)) : std::nullopt;
    if (!bytes) return "expected base64";
    storage = std::move(*bytes);
    return nullptr;
}

const char* read_member(std::string_view name, const rapidjson::Value& value, std::string& storage,
                        Frame& frame) {
    if (name == "time") return read_time(value, frame);
    if (name == "type") return read_type(value, frame);
    if (name == "base64") return read_base64(value, storage);
    if (name == "venue") {
        if (!value.IsString()) return "expected a text";
        frame.venue = venue_id(text_of_value(value));
    } else if (name == "channel") {
        if (!value.IsString()) return "expected a text";
        frame.channel = name_id(text_of_value(value));
    } else if (name == "session") {
        if (!value.IsUint()) return "expected a number from 0 to 4294967295";
        frame.session = value.GetUint();
    } else if (name == "status") {
        if (!value.IsUint() || value.GetUint() > 65535) return "expected an HTTP status";
        frame.http_status = static_cast<std::uint16_t>(value.GetUint());
    } else if (name == "binary") {
        if (!value.IsBool()) return "expected true or false";
        frame.binary = value.GetBool();
    } else if (name == "text") {
        if (!value.IsString()) return "expected a text; a JSON message goes into it as a string";
        storage = text_of_value(value);
    } else {
        return "unknown; expected time, venue, session, channel, type, status, binary, text, "
               "base64";
    }
    return nullptr;
}

}  // namespace

std::string to_base64(std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        for (std::size_t k = 0; k < 3; ++k) {
            group = group << 8U | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            text += k <= count ? base64_digits[group >> (18 - 6 * k) & 63U] : '=';
        }
    }
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3);
    for (std::size_t i = 0; i < text.size(); i += 4) {
        std::uint32_t group = 0;
        std::size_t padding = 0;
        for (const char digit : text.substr(i, 4)) {
            const std::size_t value = base64_digits.find(digit);
            if (digit == '=' && i + 4 == text.size()) {
                ++padding;
            } else if (value == std::string_view::npos || padding > 0) {
                return std::nullopt;
            }
            group = group << 6U | (digit == '=' ? 0U : static_cast<std::uint32_t>(value));
        }
        if (padding > 2) return std::nullopt;
        for (std::size_t k = 0; k < 3 - padding; ++k) {
            bytes += static_cast<char>(group >> (16 - 8 * k) & 0xFFU);
        }
    }
    return bytes;
}

std::optional<Time> parse_time(std::string_view text) {
    Time nanoseconds = 0;
    const char* const end = text.data() + text.size();
    if (const auto [rest, error] = std::from_chars(text.data(), end, nanoseconds);
        error == std::errc() && rest == end) {
        // A year, or seconds by mistake, is no nanoseconds of this century.
        if (nanoseconds != 0 && nanoseconds < earliest_event_time) return std::nullopt;
        return nanoseconds;
    }
    if (text.ends_with('Z')) text.remove_suffix(1);
    int year = 0, month = 0, date_day = 0, hours = 0, minutes = 0, seconds = 0;
    if (!take_number(text, "-", year) || !take_number(text, "-", month)) return std::nullopt;
    if (!take_number(text, "T ", date_day)) return std::nullopt;
    if (!text.empty() &&
        (!take_number(text, ":", hours) || text.empty() || !take_number(text, ":", minutes))) {
        return std::nullopt;
    }
    if (!text.empty() && !take_number(text, ".", seconds)) return std::nullopt;
    Time fraction = 0;
    if (text.size() > 9) return std::nullopt;
    if (!text.empty()) {
        std::string digits(text);
        digits.resize(9, '0');
        const auto [rest, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), fraction);
        if (error != std::errc() || rest != digits.data() + 9 || fraction < 0) return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(date_day))};
    if (!date.ok() || year < 1700 || year > 2200 || hours > 23 || minutes > 59 || seconds > 59) {
        return std::nullopt;
    }
    const Time days = std::chrono::sys_days(date).time_since_epoch().count();
    return days * day + hours * hour + minutes * minute + seconds * second + fraction;
}

void append_frame_json(PodVector<char>& out, const Frame& frame) {
    append(out, R"({"time":")");
    append(out, format_time(frame.receive_time));
    append(out, R"(","venue":)");
    append_json_string(out, text_of(frame.venue));
    append(out, fmt::format(R"(,"session":{},"channel":)", frame.session));
    append_json_string(out, text_of(frame.channel));
    append(out, fmt::format(R"(,"type":"{}")", type_names[static_cast<std::size_t>(frame.type)]));
    if (frame.http_status != 0) append(out, fmt::format(R"(,"status":{})", frame.http_status));
    if (frame.binary) append(out, R"(,"binary":true)");
    if (frame.binary || !is_utf8(frame.bytes)) {
        append(out, fmt::format(R"(,"base64":"{}"}})", to_base64(frame.bytes)));
    } else {
        append(out, R"(,"text":)");
        append_json_string(out, frame.bytes);
        append(out, "}");
    }
}

Status parse_frame_json(std::string_view line, std::string& storage, Frame& frame) {
    rapidjson::Document json;
    json.Parse<rapidjson::kParseIterativeFlag>(line.data(), line.size());
    if (json.HasParseError()) {
        return bad_record(fmt::format("column {}: {}", json.GetErrorOffset() + 1,
                                      rapidjson::GetParseError_En(json.GetParseError())));
    }
    if (!json.IsObject()) return bad_record("expected an object, as `spillway frames cat` prints");
    frame =
        Frame{time_before_all, 0, {}, 1, NameId::none, VenueId::none, 0, FrameType::data, false};
    storage.clear();
    for (const auto& [key, value] : json.GetObject()) {
        const std::string_view name = text_of_value(key);
        if (const char* wrong = read_member(name, value, storage, frame); wrong != nullptr) {
            return bad_record(fmt::format("{}: {}", name, wrong));
        }
    }
    if (frame.receive_time == time_before_all) return bad_record("time: missing");
    if (frame.venue == VenueId::none) {
        return bad_record(
            "venue: missing; for plain messages of one venue say --venue NAME --time-key KEY");
    }
    frame.bytes = storage;
    return {};
}

}  // namespace spillway::cli
