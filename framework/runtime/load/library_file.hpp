#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "runtime/load/refusal.hpp"

namespace spillway::runtime {

/// What a shared library needs and does, read from the file; none of its code runs.
struct LibraryFile {
    std::vector<std::string> undefined;  ///< demangled names of symbols that others must provide
    std::vector<std::string> defined;    ///< demangled names of symbols that it exports
    std::uint64_t initialisers = 0;      ///< entries of DT_INIT_ARRAY; one is the compiler's own
};

[[nodiscard]] Checked<LibraryFile> read_library_file(const std::filesystem::path& file);

}  // namespace spillway::runtime
