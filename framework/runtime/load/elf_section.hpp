#pragma once

#include <cstddef>
#include <span>

#include "runtime/load/refusal.hpp"

namespace spillway::runtime {

/// The bytes of the section `.spillway` of a shared library, as a part of `file`. Reads only
/// inside `file`, whatever it holds; no code of the library runs.
[[nodiscard]] Checked<std::span<const std::byte>> manifest_section(std::span<const std::byte> file);

}  // namespace spillway::runtime
