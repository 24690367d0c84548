#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <spillway/time.hpp>

#include "runtime/spec/yaml_document.hpp"

namespace spillway::runtime {

using JsonWriter = rapidjson::Writer<rapidjson::StringBuffer>;

/// Values of tests: YAML that stands for events.

/// Writes the value as JSON. Plain `true`, `false`, `null` and numbers (`100_000`, too) are what
/// they look like; everything else, and whatever is quoted, is text.
void write_json(JsonWriter& out, const YamlNode& value);
[[nodiscard]] std::string to_json(const YamlNode& value);

/// "2026-02-05T20:25:00Z", with or without `Z` and a fraction of up to nine digits; always UTC.
[[nodiscard]] std::optional<Time> parse_iso_time(std::string_view text) noexcept;
/// An ISO time, or an offset from `start` such as `+5s`.
[[nodiscard]] std::optional<Time> parse_moment(std::string_view text, Time start) noexcept;

inline constexpr std::string_view moment_forms =
    "a time such as 2026-02-05T20:25:00Z or +5s after the start of the test";

}  // namespace spillway::runtime
