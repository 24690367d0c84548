#include "plugin.hpp"

SPILLWAY_PLUGIN(spillway::dedupe::Dedupe)
