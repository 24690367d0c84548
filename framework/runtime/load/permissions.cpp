#include "runtime/load/permissions.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace spillway::runtime {
namespace {

namespace fs = std::filesystem;

bool member_of(gid_t group) {
    if (group == ::getegid()) return true;
    const int count = ::getgroups(0, nullptr);
    if (count <= 0) return false;
    std::vector<gid_t> groups(static_cast<std::size_t>(count));
    const int filled = ::getgroups(count, groups.data());
    return filled > 0 &&
           std::find(groups.begin(), groups.begin() + filled, group) != groups.begin() + filled;
}

std::optional<Refusal> check_owner(const fs::path& path, const struct stat& status) {
    if (status.st_uid == 0 || status.st_uid == ::geteuid()) return std::nullopt;
    const std::string_view what = S_ISDIR(status.st_mode) ? "folder" : "file";
    return Refusal{fmt::format("the {} {} belongs to another user ({}), who could run code in here",
                               what, path.string(), status.st_uid),
                   fmt::format("chown root '{}'", path.string())};
}

}  // namespace

std::optional<Refusal> check_writers(const fs::path& path) {
    struct stat status = {};
    if (::stat(path.c_str(), &status) != 0) {
        return Refusal{fmt::format("it cannot be examined: {}",
                                   std::error_code(errno, std::generic_category()).message()),
                       "Check the path and its permissions."};
    }
    if (auto refusal = check_owner(path, status)) return refusal;
    const bool others = (status.st_mode & S_IWOTH) != 0;
    const bool foreign_group =
        (status.st_mode & S_IWGRP) != 0 && status.st_gid != 0 && !member_of(status.st_gid);
    if (!others && !foreign_group) return std::nullopt;
    const std::string_view what = S_ISDIR(status.st_mode) ? "folder" : "file";
    return Refusal{
        fmt::format("the {} {} is writable by {} (mode {:04o}), who could run code in here", what,
                    path.string(),
                    others ? "everybody" : fmt::format("the foreign group {}", status.st_gid),
                    status.st_mode & 07777U),
        fmt::format("chmod {} '{}'", others ? "go-w" : "g-w", path.string())};
}

std::optional<Refusal> check_link(const fs::path& folder, const fs::path& file) {
    std::error_code error;
    const fs::path real_folder = fs::canonical(folder, error);
    const fs::path target = error ? fs::path() : fs::canonical(file, error);
    if (error) {
        return Refusal{fmt::format("it cannot be resolved: {}", error.message()),
                       "Remove the broken link, or restore the file that it points to."};
    }
    if (target.parent_path() == real_folder) return std::nullopt;
    return Refusal{fmt::format("it is a symbolic link out of its folder, to {}", target.string()),
                   "Copy the file into the folder, or add the other folder with --plugin-dir."};
}

}  // namespace spillway::runtime
