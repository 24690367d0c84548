#include "plugin.hpp"

SPILLWAY_PLUGIN(spillway::cascades::Cascades)
