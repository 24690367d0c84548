#include "file_lock.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace spillway::file {
namespace {

std::string read_owner(int descriptor) {
    char text[128];
    const ssize_t size = ::pread(descriptor, text, sizeof(text), 0);
    std::string owner(text, size > 0 ? static_cast<std::size_t>(size) : 0);
    while (owner.ends_with('\n')) owner.pop_back();
    return owner.empty() ? "another process" : owner;
}

/// Whether the open file is still the one at `path`: its last owner may have removed it.
bool still_there(int descriptor, const std::string& path) noexcept {
    struct stat opened {
    }, named{};
    return ::fstat(descriptor, &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
           opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

}  // namespace

Status FileLock::acquire(const std::string& path, std::string_view pipeline) {
    lock_path_ = path + ".lock";
    while (true) {
        descriptor_ = ::open(lock_path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
        if (descriptor_ < 0) {
            return {Code::io,
                    "cannot create " + lock_path_ + ": " + std::generic_category().message(errno)};
        }
        struct flock whole {};
        whole.l_type = F_WRLCK;
        whole.l_whence = SEEK_SET;
        if (::fcntl(descriptor_, F_OFD_SETLK, &whole) != 0) {
            const int error = errno;
            const std::string owner = read_owner(descriptor_);
            ::close(descriptor_);
            descriptor_ = -1;
            if (error != EAGAIN && error != EACCES) {
                return {Code::io, fmt::format("cannot lock {}: {}", lock_path_,
                                              std::generic_category().message(error))};
            }
            return {Code::busy, path + " is being written by " + owner +
                                    "; stop that run or give this one another path"};
        }
        if (still_there(descriptor_, lock_path_)) break;
        ::close(descriptor_);
    }
    const std::string owner =
        "process " + std::to_string(::getpid()) + " (pipeline " + std::string(pipeline) + ")\n";
    // Only for the message of a refused run: not being able to write it does no harm.
    if (::ftruncate(descriptor_, 0) == 0) {
        [[maybe_unused]] const ssize_t written =
            ::pwrite(descriptor_, owner.data(), owner.size(), 0);
    }
    return {};
}

void FileLock::release() noexcept {
    if (descriptor_ < 0) return;
    ::unlink(lock_path_.c_str());
    ::close(descriptor_);
    descriptor_ = -1;
}

}  // namespace spillway::file
