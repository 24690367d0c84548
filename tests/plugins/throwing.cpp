#include <stdexcept>

#include "broken.hpp"

namespace {

struct Throwing : spillway::KeepAll<Throwing> {};

/// Ends the process inside dlopen.
struct Thrower {
    Thrower() { throw std::runtime_error("no license file"); }
};
const Thrower thrower;

}  // namespace

SPILLWAY_PLUGIN(Throwing)
