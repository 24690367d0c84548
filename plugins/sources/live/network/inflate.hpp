#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace spillway::live {

enum class Inflated : std::uint8_t { good, damaged, too_large };

/// Unpacks a whole gzip or zlib stream, or what some servers call deflate: raw without a header.
/// `out` is replaced.
[[nodiscard]] Inflated inflate_body(std::string_view packed, std::size_t limit, std::string& out);

}  // namespace spillway::live
