#include <stdexcept>

#include "broken.hpp"

namespace {

/// Loads, but no object can be made.
struct Refusing : spillway::KeepAll<Refusing> {
    Refusing() { throw std::runtime_error("not today"); }
};

}  // namespace

SPILLWAY_PLUGIN(Refusing)
