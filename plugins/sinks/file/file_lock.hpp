#pragma once

#include <string>

#include <spillway/status.hpp>

namespace spillway::file {

/// Keeps a second run from writing the same file: an advisory lock on `<path>.lock`, which holds
/// the process id of its owner. The kernel gives the lock back when the process ends, however it
/// ends; a lock file that nobody holds means nothing.
class FileLock {
public:
    FileLock() = default;
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;
    ~FileLock() { release(); }

    /// `busy` with the owner's process id and pipeline if another run holds it.
    [[nodiscard]] Status acquire(const std::string& path, std::string_view pipeline);
    void release() noexcept;

private:
    std::string lock_path_;
    int descriptor_ = -1;
};

}  // namespace spillway::file
