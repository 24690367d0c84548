#pragma once

#include <string>

namespace spillway::testing {

/// Two quiet days and the crash of 2026-02-05 as lines of `replay`: a busy input of 3 days.
[[nodiscard]] std::string crash_recording();

/// Another venue's liquidations in that crash, out of order by up to nine seconds.
[[nodiscard]] std::string crash_ticks();

/// Where two texts part, for a message.
[[nodiscard]] std::string first_difference(const std::string& a, const std::string& b);

}  // namespace spillway::testing
