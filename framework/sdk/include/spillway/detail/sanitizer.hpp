#pragma once

#include <string_view>

namespace spillway::detail {

/// The sanitizer that this code is compiled with: "address", "thread" or "none". A program loads
/// only plugins of its own.
consteval std::string_view sanitizer_name() noexcept {
#if defined(__SANITIZE_ADDRESS__)
    return "address";
#elif defined(__SANITIZE_THREAD__)
    return "thread";
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
    return "address";
#elif __has_feature(thread_sanitizer)
    return "thread";
#else
    return "none";
#endif
#else
    return "none";
#endif
}

inline constexpr bool sanitized = sanitizer_name() != "none";

}  // namespace spillway::detail
