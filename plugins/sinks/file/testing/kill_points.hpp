#pragma once

namespace spillway::file::testing {

// The test program's own versions of the system calls that change files (open, write, fsync,
// fdatasync, ftruncate, rename, unlink) count themselves in here, and can end the process between
// any two of them, as `kill -9` would.

/// From now on, ends the process before call number `count` (1 is the next).
void die_before_call(int count);
/// A moment at which the process may end, too.
void kill_point();

}  // namespace spillway::file::testing
