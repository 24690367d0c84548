#include <cstdlib>

#include "broken.hpp"

namespace {

struct Exiting : spillway::KeepAll<Exiting> {};

/// Looks like success from outside.
struct Quitter {
    Quitter() { std::exit(0); }
};
const Quitter quitter;

}  // namespace

SPILLWAY_PLUGIN(Exiting)
