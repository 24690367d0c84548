#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace spillway::testing {

/// What a shared library needs and does, read with libelf; none of its code runs.
struct PluginFile {
    std::vector<std::string> undefined;  ///< demangled names of symbols that others must provide
    std::vector<std::string> defined;    ///< demangled names of symbols that it exports
    std::uint64_t initialisers = 0;      ///< entries of DT_INIT_ARRAY
};

[[nodiscard]] PluginFile read_plugin_file(const std::filesystem::path& file);

}  // namespace spillway::testing
