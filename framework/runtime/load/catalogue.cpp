#include "runtime/load/catalogue.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "runtime/load/elf_section.hpp"
#include "runtime/load/manifest_reader.hpp"
#include "runtime/load/names_in.hpp"
#include "runtime/load/permissions.hpp"
#include "runtime/load/plugins_lock.hpp"
#include "runtime/load/read_file.hpp"

namespace spillway::runtime {
namespace {

namespace fs = std::filesystem;

/// The plugin files of a folder, by name, so that the outcome does not depend on the file system.
Checked<std::vector<fs::path>> plugin_files(const fs::path& folder) {
    std::error_code error;
    fs::directory_iterator entries(folder, error);
    std::vector<fs::path> files;
    while (!error && entries != fs::directory_iterator()) {
        if (entries->path().extension() == ".so") files.push_back(entries->path());
        entries.increment(error);
    }
    if (error) {
        return tl::unexpected(
            Refusal{fmt::format("the plugin folder cannot be read: {}", error.message()),
                    fmt::format("Check --plugin-dir and SPILLWAY_PLUGIN_PATH, or create it: "
                                "mkdir -p '{}'",
                                folder.string())});
    }
    std::ranges::sort(files);
    return files;
}

/// All that is checked before a plugin is offered, in order of trust: who may write it, what it
/// holds, what it says.
Checked<PluginDescription> describe(const fs::path& folder, const fs::path& file,
                                    const std::optional<PluginsLock>& lock) {
    if (auto refusal = check_link(folder, file)) return tl::unexpected(std::move(*refusal));
    if (auto refusal = check_writers(file)) return tl::unexpected(std::move(*refusal));
    const auto bytes = read_file(file);
    if (!bytes) return tl::unexpected(bytes.error());
    if (lock) {
        if (auto refusal = lock->check(file.filename().string(), *bytes)) {
            return tl::unexpected(std::move(*refusal));
        }
    }
    return manifest_section(*bytes)
        .and_then([](std::span<const std::byte> section) { return read_manifest(section); })
        .map([&](PluginDescription plugin) {
            plugin.file = file;
            return plugin;
        });
}

/// What the lock lists but the folder does not have.
std::vector<fs::path> missing_files(const fs::path& folder, const PluginsLock& lock) {
    std::vector<fs::path> missing;
    for (const std::string& name : lock.names()) {
        if (std::error_code error; !fs::exists(folder / name, error)) {
            missing.push_back(folder / name);
        }
    }
    return missing;
}

}  // namespace

Catalogue Catalogue::scan(std::span<const fs::path> folders) {
    Catalogue catalogue;
    std::set<fs::path> seen;  // real paths: links, and folders named twice
    const auto report = [&](const fs::path& file, Refusal refusal) {
        catalogue.problems_.push_back({file, std::move(refusal.reason), std::move(refusal.fix)});
    };
    const auto offer = [&](PluginDescription plugin) {
        const PluginDescription* first = catalogue.find(plugin.category, plugin.name);
        if (first == nullptr) return catalogue.add(std::move(plugin));
        // Hiding a plugin of a later folder is wanted; two in one folder are a mistake.
        if (first->file.parent_path() != plugin.file.parent_path()) return;
        report(plugin.file,
               {fmt::format("it is another {} named '{}', beside {}", name_of(first->category),
                            first->name, first->file.string()),
                "Keep one of the two files in the folder."});
    };
    for (const fs::path& folder : folders) {
        const auto files = plugin_files(folder);
        if (!files) {
            report(folder, files.error());
            continue;
        }
        if (auto refusal = check_writers(folder)) {
            report(folder, std::move(*refusal));
            continue;
        }
        const auto lock = PluginsLock::read(folder);
        if (!lock) {
            report(folder / PluginsLock::file_name, lock.error());
            continue;
        }
        if (*lock) {
            for (const fs::path& file : missing_files(folder, **lock)) {
                report(file, {"plugins.lock lists it, but it is not there",
                              "Restore the file, or take it out of plugins.lock."});
            }
        }
        for (const fs::path& file : *files) {
            std::error_code unresolved;  // told by `describe`
            const fs::path real = fs::canonical(file, unresolved);
            if (!unresolved && !seen.insert(real).second) continue;
            if (auto plugin = describe(folder, file, *lock)) {
                offer(std::move(*plugin));
            } else {
                report(file, std::move(plugin.error()));
            }
        }
    }
    return catalogue;
}

const PluginDescription* Catalogue::find(Category category, std::string_view name) const noexcept {
    const auto found = std::ranges::find_if(plugins_, [&](const PluginDescription& plugin) {
        return plugin.category == category && plugin.name == name;
    });
    return found == plugins_.end() ? nullptr : &*found;
}

}  // namespace spillway::runtime
