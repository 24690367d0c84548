#include "runtime/load/read_file.hpp"

#include <cerrno>
#include <cstdint>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace spillway::runtime {
namespace {

constexpr std::int64_t largest_file = std::int64_t{1} << 30;

class FileDescriptor {
public:
    // Non-blocking: opening a named pipe would wait for its writer.
    explicit FileDescriptor(const std::filesystem::path& file) noexcept
        : value_(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;
    ~FileDescriptor() {
        if (value_ >= 0) ::close(value_);
    }
    [[nodiscard]] int get() const noexcept { return value_; }

private:
    int value_;
};

tl::unexpected<Refusal> unreadable(int error) {
    return tl::unexpected(
        Refusal{fmt::format("it cannot be read: {}",
                            std::error_code(error, std::generic_category()).message()),
                "Give the user who runs spillway the right to read it."});
}

}  // namespace

Checked<std::vector<std::byte>> read_file(const std::filesystem::path& file) {
    const FileDescriptor descriptor(file);
    if (descriptor.get() < 0) return unreadable(errno);
    struct stat status = {};
    if (::fstat(descriptor.get(), &status) != 0) return unreadable(errno);
    if (!S_ISREG(status.st_mode) || status.st_size > largest_file) {
        return tl::unexpected(
            Refusal{S_ISREG(status.st_mode) ? "it is larger than 1 GiB" : "it is not a file",
                    "Move it out of the plugin folder."});
    }
    std::vector<std::byte> bytes(static_cast<std::size_t>(status.st_size));
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const ssize_t count =
            ::read(descriptor.get(), bytes.data() + filled, bytes.size() - filled);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return unreadable(errno);
        if (count == 0) break;  // it shrank: what is there is judged
        filled += static_cast<std::size_t>(count);
    }
    bytes.resize(filled);
    return bytes;
}

}  // namespace spillway::runtime
