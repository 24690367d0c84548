#include "plugin.hpp"

SPILLWAY_PLUGIN(spillway::rollup::Rollup)
