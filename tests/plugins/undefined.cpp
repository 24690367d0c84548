#include "broken.hpp"

namespace spillway::elsewhere {
/// In no library.
int missing_function(int argument);
}  // namespace spillway::elsewhere

namespace {

struct Undefined : spillway::KeepAll<Undefined> {
    Undefined() { calls = spillway::elsewhere::missing_function(1); }
    int calls = 0;
};

}  // namespace

SPILLWAY_PLUGIN(Undefined)
