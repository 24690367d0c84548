#pragma once

#include <filesystem>
#include <string>

#include <tl/expected.hpp>

#include "runtime/spec/diagnostic.hpp"
#include "runtime/spec/source_text.hpp"

namespace spillway::runtime {

/// Reads a file that a person wrote; larger ones than 4 MiB are refused.
[[nodiscard]] tl::expected<SourceText, Diagnostics> read_source(const std::filesystem::path& file);

/// A mistake that concerns a file as a whole.
[[nodiscard]] Diagnostics file_error(const std::filesystem::path& file, std::string message,
                                     std::string suggestion);

}  // namespace spillway::runtime
