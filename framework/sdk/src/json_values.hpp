#pragma once

#include <optional>
#include <string_view>

#include <spillway/id.hpp>
#include <spillway/time.hpp>

// The texts that times, durations and ids are in JSON, read back exactly.
namespace spillway::detail {

/// "2026-02-05T20:25:00.000Z", with three or nine digits behind the point.
[[nodiscard]] std::optional<Time> read_json_time(std::string_view text) noexcept;
/// The notation of format_duration; parse_duration takes fractions and rounds.
[[nodiscard]] std::optional<Duration> read_json_duration(std::string_view text) noexcept;
/// 32 hexadecimal digits, with or without the hyphens of a UUID.
[[nodiscard]] std::optional<Id> read_json_id(std::string_view text) noexcept;

}  // namespace spillway::detail
