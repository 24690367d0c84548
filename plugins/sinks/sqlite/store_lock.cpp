#include "store_lock.hpp"

#include <array>
#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <spillway/time.hpp>

namespace spillway::sqlite {
namespace {

std::string describe_holder(int file) {
    std::array<char, 512> text{};
    const ssize_t size = pread(file, text.data(), text.size(), 0);
    std::string holder(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    while (!holder.empty() && holder.back() == '\n') holder.pop_back();
    if (holder.empty()) return "another run";
    struct stat info {};
    if (fstat(file, &info) == 0) {
        holder += ", since " + format_time(info.st_mtim.tv_sec * second);
    }
    return holder;
}

Status cannot(std::string_view what, const std::string& file, int error) {
    return {Code::io,
            fmt::format("{}: {}: {}; the folder must be writable by this user: change its "
                        "permissions or choose another path",
                        file, what, std::generic_category().message(error)),
            file};
}

}  // namespace

Result<StoreLock> StoreLock::acquire(const std::filesystem::path& store,
                                     std::string_view pipeline) {
    const std::string name = store.native() + ".lock";
    StoreLock lock(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640));
    if (lock.file_ < 0) return tl::unexpected(cannot("cannot create it", name, errno));

    struct flock whole {};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    if (fcntl(lock.file_, F_OFD_SETLK, &whole) != 0) {
        const int error = errno;
        if (error != EAGAIN && error != EACCES) {
            return tl::unexpected(cannot("cannot lock it", name, error));
        }
        const std::string holder = describe_holder(lock.file_);
        // Not ours: the destructor must not clear the holder's text.
        ::close(std::exchange(lock.file_, -1));
        return tl::unexpected(
            Status(Code::busy,
                   fmt::format("{}: {} writes this store; stop that run or choose another path",
                               store.string(), holder),
                   store.native()));
    }
    const std::string text = fmt::format("pipeline '{}' (process {})\n", pipeline, getpid());
    if (ftruncate(lock.file_, 0) != 0 ||
        pwrite(lock.file_, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
        return tl::unexpected(cannot("cannot write it", name, errno));
    }
    return lock;
}

StoreLock::~StoreLock() {
    if (file_ < 0) return;
    // The file stays: removing it would race with a run that has just opened it.
    static_cast<void>(ftruncate(file_, 0) == 0);
    ::close(file_);
}

}  // namespace spillway::sqlite
