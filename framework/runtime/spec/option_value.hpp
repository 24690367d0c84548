#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::runtime {

/// Why a text is no value of an option.
struct ValueError {
    std::string message;  ///< "expected a duration such as 5s or 1h30m, got '5'"
    std::string suggestion;
};
using ValueResult = tl::expected<void, ValueError>;

/// Longer durations are refused: added to any real time they must not overflow.
inline constexpr Duration longest_duration = 36'500 * day;

/// Reads `text` as a value of the option and checks its range. Lists are split at commas outside
/// of quotes and brackets; maps are `name: number` or `name=number`, comma-separated. Defaults in
/// manifests and values in pipeline files both come through here.
/// `setting.description` must be set; a secret setting is never quoted in the error.
[[nodiscard]] ValueResult read_value(OptionSetting& setting, std::string_view text);

/// Adds one entry to a setting of type `numbers`.
[[nodiscard]] ValueResult add_number(OptionSetting& setting, std::string_view name,
                                     std::string_view text);

/// Splits at commas outside of quotes and brackets, trims spaces; empty text = no items.
[[nodiscard]] std::vector<std::string> split_list(std::string_view text);

/// The setting that the option has when nobody sets it; an error is a mistake in the manifest.
[[nodiscard]] tl::expected<OptionSetting, ValueError> fallback_setting(
    const OptionDescription& description);

/// "64MiB": the notation that options of type size accept.
[[nodiscard]] std::string format_size(std::int64_t bytes);

/// What the option takes, for messages: "a duration such as 5s or 1h30m".
[[nodiscard]] std::string expectation(const OptionDescription& description);

/// The value in the notation of a pipeline file; "***" for a secret.
[[nodiscard]] std::string shown(const OptionSetting& setting);

/// A text from outside, quoted for a message: cut when long, control characters escaped.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace spillway::runtime
