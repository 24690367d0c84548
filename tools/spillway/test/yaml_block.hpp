#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "runtime/spec/source_text.hpp"

namespace spillway::cli {

/// A part of a text, by bytes.
struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// How a value of a map is written.
struct ValueBlock {
    Span span;               ///< from behind the ':' of its key to its end, comments behind it not
    std::size_t indent = 0;  ///< of its key
    bool in_flow = false;    ///< the map around it is in braces
};

/// Where the value of a key lies in the text; none if it stands elsewhere (an alias) or cannot be
/// made out. `key` and `value` are the places of both.
[[nodiscard]] std::optional<ValueBlock> find_value(const runtime::SourceText& source,
                                                   const runtime::Location& key,
                                                   const runtime::Location& value);

}  // namespace spillway::cli
