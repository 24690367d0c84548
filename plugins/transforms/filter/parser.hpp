#pragma once

#include <string_view>
#include <vector>

#include <spillway/status.hpp>

#include "tokens.hpp"

namespace spillway::filter {

enum class Compare : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal };

/// A condition as written.
struct Parsed {
    Token field;
    bool presence = false;  ///< present(field)
    bool negated = false;   ///< `not present`, `!=`, `not in`
    bool ordered = false;   ///< < <= > >=
    bool list = false;      ///< `in (..)`
    Compare compare = Compare::equal;
    std::vector<Token> values;
};

/// Reads `FIELD COMPARISON VALUE`, `FIELD [not] in (VALUE, ..)` or `[not] present(FIELD)`. Whether
/// field and values exist is not checked here. Views point into `text`.
[[nodiscard]] Result<Parsed> parse_condition(std::string_view text);

}  // namespace spillway::filter
