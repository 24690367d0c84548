#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/dead_letter_store.hpp>

namespace spillway::cli {

/// A dead letter, with its texts.
struct Letter {
    Id id;
    Time time = time_before_all;  ///< engine time at which it was refused first
    std::string node, place, reason, origin, raw;
    std::uint64_t raw_size = 0;
    std::uint32_t attempt = 1;
    Time replayed = time_before_all;

    [[nodiscard]] static Letter of(const StoredLetter& stored);
    [[nodiscard]] bool open() const noexcept { return replayed == time_before_all; }
    [[nodiscard]] bool cut() const noexcept { return raw_size > raw.size(); }
};

using Letters = std::vector<Letter>;

/// Which letters a command means; empty: all.
struct LetterFilter {
    std::vector<std::string> ids = {};  ///< or their first digits
    std::string node = {};
    std::optional<Time> since = {};
    bool open_only = false;
};

/// The letters in question, in their order. An error names an id that means none, or several.
[[nodiscard]] Result<Letters> select(const Letters& letters, const LetterFilter& filter);

/// "2026-02-05", "2026-02-05T20:25" or with seconds, UTC, with or without `Z`.
[[nodiscard]] std::optional<Time> parse_since(std::string_view text);

}  // namespace spillway::cli
