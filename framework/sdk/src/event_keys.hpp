#pragma once

#include <string_view>

#include <spillway/fields.hpp>

namespace spillway::detail {

inline constexpr std::string_view fields_key = "fields";

/// Whether an extension's own field stands in the object `fields` of the JSON form: what follows
/// the extension's name is a field of its own, except for what the form itself puts there.
[[nodiscard]] inline bool is_nested(const Event& event, std::string_view name) noexcept {
    return !event.has(field::extension::name) || name == "bytes" || name == fields_key;
}

}  // namespace spillway::detail
