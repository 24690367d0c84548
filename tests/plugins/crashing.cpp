#include <csignal>

#include "broken.hpp"

namespace {

struct Crashing : spillway::KeepAll<Crashing> {};

struct Crasher {
    Crasher() { std::raise(SIGKILL); }
};
const Crasher crasher;

}  // namespace

SPILLWAY_PLUGIN(Crashing)
