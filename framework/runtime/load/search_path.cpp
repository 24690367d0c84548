#include "runtime/load/search_path.hpp"

#include <algorithm>
#include <cstdlib>

#include <boost/dll/runtime_symbol_info.hpp>

namespace spillway::runtime {

namespace fs = std::filesystem;

std::vector<fs::path> plugin_folders(const fs::path& program, std::span<const fs::path> plugin_dirs,
                                     std::string_view plugin_path) {
    std::vector<fs::path> folders;
    const auto add = [&](const fs::path& folder) {
        if (folder.empty()) return;
        fs::path whole = fs::absolute(folder).lexically_normal();
        if (!whole.has_filename()) whole = whole.parent_path();  // a trailing slash
        if (std::ranges::find(folders, whole) == folders.end()) folders.push_back(whole);
    };
    for (const fs::path& folder : plugin_dirs) add(folder);
    while (!plugin_path.empty()) {
        const std::size_t colon = std::min(plugin_path.find(':'), plugin_path.size());
        add(plugin_path.substr(0, colon));
        plugin_path.remove_prefix(std::min(colon + 1, plugin_path.size()));
    }
    if (!program.empty()) {
        add(program.parent_path().parent_path() / "lib" / "spillway" / "plugins");
    }
    return folders;
}

std::vector<fs::path> plugin_folders(std::span<const fs::path> plugin_dirs) {
    std::error_code unknown;  // without /proc only what is named explicitly is searched
    const fs::path program = boost::dll::program_location(unknown);
    const char* plugin_path = std::getenv(plugin_path_variable);
    return plugin_folders(program, plugin_dirs, plugin_path == nullptr ? "" : plugin_path);
}

}  // namespace spillway::runtime
