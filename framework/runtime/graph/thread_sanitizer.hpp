#pragma once

#include <spillway/detail/sanitizer.hpp>

// Of sanitizer/tsan_interface.h.
extern "C" void __tsan_acquire(void* address);  // NOLINT(bugprone-reserved-identifier)
extern "C" void __tsan_release(void* address);  // NOLINT(bugprone-reserved-identifier)

namespace spillway::runtime {

/// oneTBB's library is built without ThreadSanitizer, which therefore cannot see how it hands
/// tasks from thread to thread. These tell it: what was done before `handed_over(object)` is
/// visible after `received(object)`. Nothing in other builds.
inline void handed_over([[maybe_unused]] void* object) noexcept {
    if constexpr (spillway::detail::sanitizer_name() == "thread") ::__tsan_release(object);
}
inline void received([[maybe_unused]] void* object) noexcept {
    if constexpr (spillway::detail::sanitizer_name() == "thread") ::__tsan_acquire(object);
}

}  // namespace spillway::runtime
