#include "kill_points.hpp"

#include <cstdarg>
#include <cstdio>

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace spillway::file::testing {
namespace {

int calls_left = 0;  ///< 0: nobody counts

}  // namespace

void die_before_call(int count) { calls_left = count; }

void kill_point() {
    if (calls_left == 0) return;
    if (--calls_left == 0) _exit(9);
}

}  // namespace spillway::file::testing

using spillway::file::testing::kill_point;

extern "C" {

int rename(const char* from, const char* to) noexcept {
    kill_point();
    return static_cast<int>(syscall(SYS_rename, from, to));
}

int unlink(const char* file) noexcept {
    kill_point();
    return static_cast<int>(syscall(SYS_unlink, file));
}

int ftruncate(int file, off_t length) noexcept {
    kill_point();
    return static_cast<int>(syscall(SYS_ftruncate, file, length));
}

ssize_t write(int file, const void* data, size_t size) {
    kill_point();
    return syscall(SYS_write, file, data, size);
}

// What a process has written outlives it without them: only a power cut would tell.
int fsync(int) {
    kill_point();
    return 0;
}

int fdatasync(int) {
    kill_point();
    return 0;
}

int open(const char* file, int flags, ...) {
    kill_point();
    mode_t mode = 0;
    if ((flags & O_CREAT) != 0) {
        std::va_list arguments;
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
    }
    return static_cast<int>(syscall(SYS_openat, AT_FDCWD, file, flags, mode));
}
}
