#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::runtime {

/// Insertions, deletions, replacements and swaps of neighbours that turn one text into the other
/// (optimal string alignment), upper and lower case being equal.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// The known word that `word` was probably meant to be; empty if none is near.
[[nodiscard]] std::string_view nearest(std::string_view word,
                                       std::span<const std::string_view> known);

/// "did you mean 'scaled'?", else "known: a, b, c", else empty.
[[nodiscard]] std::string suggest(std::string_view word, std::span<const std::string_view> known);

/// "a, b, c"
template <class Texts>
[[nodiscard]] std::string comma_list(const Texts& texts) {
    std::string list;
    for (const auto& text : texts) {
        if (!list.empty()) list += ", ";
        list += text;
    }
    return list;
}

}  // namespace spillway::runtime
