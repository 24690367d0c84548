#pragma once

#include <filesystem>
#include <optional>

#include "runtime/load/refusal.hpp"

namespace spillway::runtime {

/// Plugins run with all rights of this process, so only we and root may be able to change them.
/// Refused: a file or folder that belongs to another user, or that everybody may write, or a group
/// that this process does not belong to.
[[nodiscard]] std::optional<Refusal> check_writers(const std::filesystem::path& path);

/// Refused: a symbolic link in `folder` that leads out of it, because who may write there was not
/// checked. Links inside the folder (`x.so -> x.so.1`) are fine.
[[nodiscard]] std::optional<Refusal> check_link(const std::filesystem::path& folder,
                                                const std::filesystem::path& file);

}  // namespace spillway::runtime
