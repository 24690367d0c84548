#include "plugin.hpp"

SPILLWAY_PLUGIN(spillway::normalise::Normalise)
