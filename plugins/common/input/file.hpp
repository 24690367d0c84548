#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include <spillway/status.hpp>

namespace spillway::input {

/// A file that is open for reading. Errors name the file.
class File {
public:
    [[nodiscard]] static Result<File> open(const std::string& path) noexcept;
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    File(File&& other) noexcept
        : path_(std::move(other.path_)),
          descriptor_(std::exchange(other.descriptor_, -1)),
          size_(other.size_),
          bytes_read_(other.bytes_read_) {}
    File& operator=(File&&) = delete;
    ~File();

    /// Bytes read into the front of `room`; 0 at the end.
    [[nodiscard]] Result<std::size_t> read(std::span<std::byte> room) noexcept;
    /// Sets the position of the next read; false for pipes and beyond the end.
    [[nodiscard]] bool seek(std::uint64_t offset) noexcept;

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    [[nodiscard]] std::uint64_t bytes_read() const noexcept { return bytes_read_; }

private:
    File(std::string path, int descriptor, std::uint64_t size) noexcept
        : path_(std::move(path)), descriptor_(descriptor), size_(size) {}

    std::string path_;
    int descriptor_;
    std::uint64_t size_;
    std::uint64_t bytes_read_ = 0;
};

}  // namespace spillway::input
