#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/load/refusal.hpp"

namespace spillway::runtime {

/// SHA-256 as 64 lower-case hexadecimal digits.
[[nodiscard]] std::string sha256(std::span<const std::byte> bytes);

/// The file `plugins.lock` of a plugin folder: the SHA-256 of every plugin that may be loaded
/// from there, in the format of `sha256sum *.so > plugins.lock`. `#` starts a comment line.
class PluginsLock {
public:
    static constexpr std::string_view file_name = "plugins.lock";

    [[nodiscard]] static Checked<PluginsLock> parse(std::string_view text);
    /// The lock of a folder; none if it has no such file.
    [[nodiscard]] static Checked<std::optional<PluginsLock>> read(
        const std::filesystem::path& folder);

    /// Refused: a file that the lock does not list, or lists with another hash.
    [[nodiscard]] std::optional<Refusal> check(const std::string& name,
                                               std::span<const std::byte> bytes) const;
    /// The files that the lock lists.
    [[nodiscard]] std::vector<std::string> names() const;

private:
    std::map<std::string, std::string> hashes_;  ///< by file name
};

}  // namespace spillway::runtime
