#include <unistd.h>

#include "broken.hpp"

namespace {

struct Hanging : spillway::KeepAll<Hanging> {};

/// Waits for a signal that nobody sends.
struct Waiter {
    Waiter() {
        for (;;) ::pause();
    }
};
const Waiter waiter;

}  // namespace

SPILLWAY_PLUGIN(Hanging)
