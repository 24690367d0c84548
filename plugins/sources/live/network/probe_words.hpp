#pragma once

#include <string>
#include <string_view>

namespace spillway::live {

/// A text that says what happened and what to do about it, without the latter and without what
/// joined the two: findings have a place of their own for it.
[[nodiscard]] inline std::string without_advice(std::string text, std::string_view advice) {
    std::size_t begin = advice.empty() ? std::string::npos : text.find(advice);
    if (begin == std::string::npos) return text;
    std::size_t end = begin + advice.size();
    const std::string_view before = std::string_view(text).substr(0, begin);
    if (before.ends_with(": ") || before.ends_with("; ")) begin -= 2;
    if (begin == 0 && std::string_view(text).substr(end).starts_with("; ")) end += 2;
    text.erase(begin, end - begin);
    return text;
}

}  // namespace spillway::live
