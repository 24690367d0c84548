#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include <spillway/status.hpp>

namespace spillway::input {

/// The uncompressed bytes of a file, read once from front to back. Used by one thread.
class ByteStream {
public:
    ByteStream() = default;
    ByteStream(const ByteStream&) = delete;
    ByteStream& operator=(const ByteStream&) = delete;
    virtual ~ByteStream() = default;

    /// Fills the front of `room` and answers how many bytes; 0 at the end. Damaged or truncated
    /// input: everything before the damage is handed over first, then every call answers the error.
    virtual Result<std::size_t> read(std::span<std::byte> room) noexcept = 0;
    /// Goes forward by `bytes` uncompressed bytes. An error if the input ends before.
    virtual Status skip(std::uint64_t bytes) noexcept;

    /// Bytes of the file that were taken in so far, and its size (0 if it has none, like a pipe).
    [[nodiscard]] virtual std::uint64_t file_bytes_read() const noexcept = 0;
    [[nodiscard]] virtual std::uint64_t file_size() const noexcept = 0;
};

/// Opens a file; gzip and Zstandard data are recognised by their first bytes, not by the name.
[[nodiscard]] Result<std::unique_ptr<ByteStream>> open_bytes(const std::string& path) noexcept;

}  // namespace spillway::input
