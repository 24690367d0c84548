#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/status.hpp>

namespace spillway::filter {

/// One word or sign of a condition. `column` counts from 1.
struct Token {
    enum class Type : std::uint8_t { word, text, comparison, open, close, comma, end };
    Type type = Type::end;
    std::string_view text;
    std::size_t column = 1;
};

/// Words are letters, digits and `_ . : / * + -`; anything else goes in quotes. The last token is
/// `end`. Views point into `source`.
[[nodiscard]] Result<std::vector<Token>> tokenise(std::string_view source);

/// "column 3: expected a value".
[[nodiscard]] tl::unexpected<Status> wrong_at(std::size_t column, const std::string& message);

}  // namespace spillway::filter
