#include "plugin.hpp"

SPILLWAY_PLUGIN(spillway::alerts::Alerts)
