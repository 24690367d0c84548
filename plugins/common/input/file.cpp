#include "common/input/file.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace spillway::input {
namespace {

Status io_error(const std::string& path, const char* what, int number) {
    return {Code::io, path + ": " + what + ": " + std::generic_category().message(number), path};
}

}  // namespace

Result<File> File::open(const std::string& path) noexcept {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return tl::make_unexpected(io_error(path, "cannot open", errno));
    struct stat about {};
    if (::fstat(descriptor, &about) != 0 || S_ISDIR(about.st_mode)) {
        const int number = S_ISDIR(about.st_mode) ? EISDIR : errno;
        ::close(descriptor);
        return tl::make_unexpected(io_error(path, "cannot open", number));
    }
    const auto size = S_ISREG(about.st_mode) ? static_cast<std::uint64_t>(about.st_size) : 0;
    return File(path, descriptor, size);
}

File::~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Result<std::size_t> File::read(std::span<std::byte> room) noexcept {
    ssize_t count = 0;
    do {
        count = ::read(descriptor_, room.data(), room.size());
    } while (count < 0 && errno == EINTR);
    if (count < 0) return tl::make_unexpected(io_error(path_, "cannot read", errno));
    bytes_read_ += static_cast<std::uint64_t>(count);
    return static_cast<std::size_t>(count);
}

bool File::seek(std::uint64_t offset) noexcept {
    if (offset > size_) return false;
    if (::lseek(descriptor_, static_cast<off_t>(offset), SEEK_SET) < 0) return false;
    bytes_read_ = offset;
    return true;
}

}  // namespace spillway::input
