#include "test/event_text.hpp"

#include <algorithm>
#include <array>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "runtime/spec/test_values.hpp"

namespace spillway::cli {
namespace {

using rapidjson::Value;

constexpr std::array<std::string_view, 5> left_out = {"id", "receive_time", "raw", "place",
                                                      "contributions"};

std::string_view text_of(const Value& value) {
    return {value.GetString(), value.GetStringLength()};
}

bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Whether YAML takes the text for itself without quotes: words only, to be on the safe side.
bool is_word(std::string_view text) {
    constexpr std::array<std::string_view, 9> taken = {"true", "false", "null", "yes", "no",
                                                       "on",   "off",   "y",    "n"};
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    if (text.empty() || !is_letter(text.front())) return false;
    if (std::find(taken.begin(), taken.end(), lower) != taken.end()) return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' ||
               c == '/';
    });
}

/// 2026-02-05T20:25:00.000Z or +1h30m
bool is_time(std::string_view text) {
    if (text.size() > 1 && text[0] == '+' && is_letter(text.back())) {
        return text.find_first_not_of("0123456789.dhmsun", 1) == std::string_view::npos;
    }
    return text.size() >= 20 && text[4] == '-' && text[10] == 'T' && text.back() == 'Z' &&
           text.find_first_not_of("0123456789-T:.Z") == std::string_view::npos;
}

std::string json_text(const Value& value) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    value.Accept(writer);
    return {buffer.GetString(), buffer.GetSize()};
}

void append(std::string& out, const Value& value);

void append_name(std::string& out, std::string_view name) {
    if (out.back() != '{') out += ", ";
    const auto size = static_cast<rapidjson::SizeType>(name.size());
    out += is_word(name) ? std::string(name)
                         : json_text(Value(rapidjson::StringRef(name.data(), size)));
    out += ": ";
}

void append_member(std::string& out, std::string_view name, const Value& value) {
    append_name(out, name);
    append(out, value);
}

void append(std::string& out, const Value& value) {
    if (value.IsObject()) {
        out += '{';
        for (const auto& member : value.GetObject()) {
            append_member(out, text_of(member.name), member.value);
        }
        out += '}';
    } else if (value.IsArray()) {
        out += '[';
        for (rapidjson::SizeType i = 0; i < value.Size(); ++i) {
            if (i > 0) out += ", ";
            append(out, value[i]);
        }
        out += ']';
    } else if (value.IsString() && (is_word(text_of(value)) || is_time(text_of(value)))) {
        out += text_of(value);
    } else {
        out += json_text(value);
    }
}

void append_like(std::string& out, const Value& value, const Value& pattern, Time start);

/// `+5s` where the pattern has an offset and the value is a time after the start.
bool append_offset(std::string& out, const Value& value, const Value& pattern, Time start) {
    if (!value.IsString() || !pattern.IsString() || !text_of(pattern).starts_with('+'))
        return false;
    const auto time = runtime::parse_iso_time(text_of(value));
    if (!time || *time < start) return false;
    out += '+' + format_duration(*time - start);
    return true;
}

void append_fields_like(std::string& out, const Value& value, const Value& pattern, Time start) {
    out += '{';
    for (const auto& member : pattern.GetObject()) {
        const auto found = value.FindMember(member.name);
        if (found == value.MemberEnd() && !member.value.IsNull()) continue;
        append_name(out, text_of(member.name));
        if (found == value.MemberEnd()) {
            out += "null";
        } else {
            append_like(out, found->value, member.value, start);
        }
    }
    out += '}';
}

void append_like(std::string& out, const Value& value, const Value& pattern, Time start) {
    if (value.IsObject() && pattern.IsObject()) {
        append_fields_like(out, value, pattern, start);
    } else if (value.IsArray() && pattern.IsArray() && value.Size() == pattern.Size()) {
        out += '[';
        for (rapidjson::SizeType i = 0; i < value.Size(); ++i) {
            if (i > 0) out += ", ";
            append_like(out, value[i], pattern[i], start);
        }
        out += ']';
    } else if (!append_offset(out, value, pattern, start)) {
        append(out, value);
    }
}

}  // namespace

rapidjson::Document parse_event(std::string_view line) {
    rapidjson::Document document;
    if (document.Parse(line.data(), line.size()).HasParseError() || !document.IsObject()) {
        document.SetObject();
        Value raw(line.data(), static_cast<rapidjson::SizeType>(line.size()),
                  document.GetAllocator());
        document.AddMember("raw", raw, document.GetAllocator());
    }
    return document;
}

std::string flow_text(const Value& value) {
    std::string out;
    append(out, value);
    return out;
}

std::string flow_text_like(const Value& event, const Value& pattern, Time start) {
    std::string out;
    append_like(out, event, pattern, start);
    return out;
}

std::string flow_text_of_new(const Value& event) {
    std::string out = "{";
    for (const auto& member : event.GetObject()) {
        const std::string_view name = text_of(member.name);
        if (std::find(left_out.begin(), left_out.end(), name) == left_out.end()) {
            append_member(out, name, member.value);
        }
    }
    return out + "}";
}

}  // namespace spillway::cli
