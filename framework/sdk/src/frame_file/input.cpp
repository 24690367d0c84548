#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <spillway/detail/frame_format.hpp>

namespace spillway::detail {

Status file_error(std::string_view path, std::string_view what, int number) noexcept {
    std::string text(path);
    text.append(": ").append(what).append(": ").append(std::generic_category().message(number));
    return {Code::io, text, path};
}

FrameInput::FrameInput(std::string path, int descriptor, std::uint64_t size) noexcept
    : path_(std::move(path)), descriptor_(descriptor), size_(size) {}

FrameInput::FrameInput(FrameInput&& other) noexcept
    : path_(std::move(other.path_)),
      bytes_(other.bytes_),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_) {}

FrameInput& FrameInput::operator=(FrameInput&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(bytes_, other.bytes_);
    std::swap(descriptor_, other.descriptor_);
    std::swap(size_, other.size_);
    return *this;
}

FrameInput::~FrameInput() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Result<FrameInput> FrameInput::open(std::string_view path) noexcept {
    std::string name(path);
    const int descriptor = ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return tl::make_unexpected(file_error(path, "cannot open", errno));
    struct stat about {};
    FrameInput input(std::move(name), descriptor, 0);
    if (::fstat(descriptor, &about) != 0) {
        return tl::make_unexpected(file_error(path, "cannot open", errno));
    }
    if (!S_ISREG(about.st_mode)) {
        return tl::make_unexpected(
            Status(Code::io, input.path_ + ": cannot open: frame files are read from regular files",
                   path));
    }
    input.size_ = static_cast<std::uint64_t>(about.st_size);
    return input;
}

Result<std::size_t> FrameInput::read(std::uint64_t offset,
                                     std::span<std::byte> room) const noexcept {
    if (offset >= size_) return std::size_t{0};
    const auto wanted =
        static_cast<std::size_t>(std::min<std::uint64_t>(room.size(), size_ - offset));
    if (descriptor_ < 0) {
        if (wanted > 0) std::memcpy(room.data(), bytes_.data() + offset, wanted);
        return wanted;
    }
    std::size_t done = 0;
    while (done < wanted) {
        const ssize_t count = ::pread(descriptor_, room.data() + done, wanted - done,
                                      static_cast<off_t>(offset + done));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return tl::make_unexpected(file_error(path_, "cannot read", errno));
        if (count == 0) break;  // it became shorter since it was opened
        done += static_cast<std::size_t>(count);
    }
    return done;
}

}  // namespace spillway::detail
