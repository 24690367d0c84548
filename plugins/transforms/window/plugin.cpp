#include "plugin.hpp"

SPILLWAY_PLUGIN(spillway::window::Window)
