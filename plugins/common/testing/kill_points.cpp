#include "common/testing/kill_points.hpp"

#include <cstdarg>
#include <cstdio>
#include <utility>

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace spillway::testing {
namespace {

int calls_left = 0;  ///< 0: nobody counts
LastWords say;

}  // namespace

void die_before_call(int count, LastWords last_words) {
    calls_left = count;
    say = std::move(last_words);
}

void kill_point(int file) {
    if (calls_left == 0) return;
    if (--calls_left > 0) return;
    if (say) say(file);
    _exit(death);
}

}  // namespace spillway::testing

namespace {

using spillway::testing::kill_point;

int open_file(const char* file, int flags, std::va_list& arguments) {
    kill_point();
    const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
    return static_cast<int>(syscall(SYS_openat, AT_FDCWD, file, flags, mode));
}

}  // namespace

// The C library's own declarations name parameters with underscores.
// NOLINTBEGIN(readability-inconsistent-declaration-parameter-name)
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
    kill_point(file);
    return static_cast<int>(syscall(SYS_ftruncate, file, length));
}

ssize_t write(int file, const void* data, size_t size) {
    kill_point(file);
    return syscall(SYS_write, file, data, size);
}

ssize_t pwrite(int file, const void* data, size_t size, off_t at) {
    kill_point(file);
    return syscall(SYS_pwrite64, file, data, size, at);
}

// What a process has written outlives it without them: only a power cut would tell.
int fsync(int file) {
    kill_point(file);
    return 0;
}

int fdatasync(int file) {
    kill_point(file);
    return 0;
}

int open(const char* file, int flags, ...) {
    std::va_list arguments;
    va_start(arguments, flags);
    const int opened = open_file(file, flags, arguments);
    va_end(arguments);
    return opened;
}

// The names under which glibc offers them to libraries built for large files.
#ifdef __GLIBC__
int ftruncate64(int file, off64_t length) noexcept { return ftruncate(file, length); }

ssize_t pwrite64(int file, const void* data, size_t size, off64_t at) {
    return pwrite(file, data, size, at);
}

int open64(const char* file, int flags, ...) {
    std::va_list arguments;
    va_start(arguments, flags);
    const int opened = open_file(file, flags, arguments);
    va_end(arguments);
    return opened;
}
#endif
}
// NOLINTEND(readability-inconsistent-declaration-parameter-name)
