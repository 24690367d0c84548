#pragma once

#include <string>
#include <string_view>

namespace spillway::testing {

/// Why `actual` is not as `expected` says, empty if it is. Members of an expected object must be
/// there and alike; others may be there, too. Lists must be equally long. Numbers may differ by
/// one part in a thousand million. Both are JSON texts.
[[nodiscard]] std::string json_difference(std::string_view expected, std::string_view actual);

}  // namespace spillway::testing
