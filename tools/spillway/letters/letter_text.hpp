#pragma once

#include <string>

#include "letters/letter.hpp"
#include "letters/replay.hpp"

namespace spillway::cli {

// What `spillway dead-letters` prints. Control characters of foreign bytes never reach a terminal.

/// One line a letter; `total` counts those that the limit left out as well.
[[nodiscard]] std::string list_text(const Letters& letters, std::size_t total);
[[nodiscard]] std::string list_json(const Letters& letters, std::size_t total);

/// Everything about each; the bytes as text, or in hexadecimal if they are none.
[[nodiscard]] std::string show_text(const Letters& letters);
[[nodiscard]] std::string show_json(const Letters& letters);

/// What would be replayed.
[[nodiscard]] std::string plan_text(const ReplayPlan& plan);
[[nodiscard]] std::string plan_json(const ReplayPlan& plan);

[[nodiscard]] std::string replay_text(const ReplayPlan& plan, const ReplayResult& result);
[[nodiscard]] std::string replay_json(const ReplayPlan& plan, const ReplayResult& result);

}  // namespace spillway::cli
