#include "plugin.hpp"

SPILLWAY_PLUGIN(spillway::null::NullSink)
