#pragma once

#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

namespace spillway::runtime {

/// oneTBB's library is built without ThreadSanitizer, which therefore cannot see how it hands
/// tasks from thread to thread. These tell it: what was done before `handed_over(object)` is
/// visible after `received(object)`. Nothing in other builds.
inline void handed_over([[maybe_unused]] void* object) noexcept {
#if defined(__SANITIZE_THREAD__)
    __tsan_release(object);
#endif
}
inline void received([[maybe_unused]] void* object) noexcept {
#if defined(__SANITIZE_THREAD__)
    __tsan_acquire(object);
#endif
}

}  // namespace spillway::runtime
