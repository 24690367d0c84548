#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "runtime/load/refusal.hpp"

namespace spillway::runtime {

/// The whole of a regular file, as it is now: a copy, because a file that is replaced while it is
/// mapped would end the process. Limited to 1 GiB.
[[nodiscard]] Checked<std::vector<std::byte>> read_file(const std::filesystem::path& file);

}  // namespace spillway::runtime
