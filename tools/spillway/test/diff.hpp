#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <spillway/time.hpp>

#include "test/event_text.hpp"

namespace spillway::cli {

/// A place in the comparison of two lists: an expected event, an event that came, or both. With
/// both, `why` says how they differ; empty if they are alike.
struct DiffLine {
    std::optional<std::size_t> expected;
    std::optional<std::size_t> actual;
    std::string why;

    [[nodiscard]] bool alike() const noexcept { return expected && actual && why.empty(); }
};

/// Puts like beside like, so that as many as possible match in order; what is left between them is
/// paired one by one.
[[nodiscard]] std::vector<DiffLine> align(const Events& expected, const Events& actual, Time start);

/// A unified diff with three events around each difference. Events that came show the fields that
/// were expected; new ones show all that matter.
[[nodiscard]] std::string unified_diff(const std::vector<DiffLine>& lines, const Events& expected,
                                       const Events& actual, Time start,
                                       const std::string& expected_name);

}  // namespace spillway::cli
