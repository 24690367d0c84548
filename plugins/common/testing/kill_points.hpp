#pragma once

#include <functional>

namespace spillway::testing {

// With kill_points.cpp among its sources, a test program has its own versions of the system calls
// that change files (open, write, pwrite, fsync, fdatasync, ftruncate, rename, unlink), also for
// the libraries that it uses. They count themselves in here, and can end the process between any
// two of them, as `kill -9` would.

/// Called before the process ends, with the file that the call is about; -1 if it names none.
using LastWords = std::function<void(int file)>;

/// From now on, ends the process before call number `count` (1 is the next), with `death`.
void die_before_call(int count, LastWords last_words = {});
/// A moment at which the process may end, too.
void kill_point(int file = -1);

inline constexpr int death = 9;  ///< exit code of a process that ended so

}  // namespace spillway::testing
