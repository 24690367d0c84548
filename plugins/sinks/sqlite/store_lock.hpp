#pragma once

#include <filesystem>
#include <string_view>
#include <utility>

#include <spillway/status.hpp>

namespace spillway::sqlite {

/// The right to write one store. Held as an open-file lock on `<store>.lock`, which the kernel
/// releases however the process ends: a file that was left behind is harmless. The file says who
/// holds the lock (for people and for the message of a second run); its time of modification, since
/// when.
class StoreLock {
public:
    /// Code::busy, naming the holder, if another run (of any process) has the store.
    [[nodiscard]] static Result<StoreLock> acquire(const std::filesystem::path& store,
                                                   std::string_view pipeline);

    StoreLock(StoreLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
    StoreLock& operator=(StoreLock&& other) noexcept {
        std::swap(file_, other.file_);
        return *this;
    }
    StoreLock(const StoreLock&) = delete;
    StoreLock& operator=(const StoreLock&) = delete;
    ~StoreLock();

private:
    explicit StoreLock(int file) noexcept : file_(file) {}
    int file_ = -1;
};

}  // namespace spillway::sqlite
