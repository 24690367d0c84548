#pragma once

#include <cstdint>
#include <cstdio>
#include <string_view>

namespace spillway::testing {

/// Where a check is. It is written before each call into the plugin, so that whoever watches from
/// another process still reads it after the plugin crashed or hung. Plain data: it may lie in
/// memory that processes share.
struct Place {
    char text[200];

    /// "seed 7, step 12 (records 40 to 41)"
    template <class... Values>
    void at(const char* format, Values... values) noexcept {
        std::snprintf(text, sizeof text, format, values...);
    }
    void at(const char* words) noexcept { at("%s", words); }
    [[nodiscard]] std::string_view view() const noexcept { return text; }
};

}  // namespace spillway::testing
