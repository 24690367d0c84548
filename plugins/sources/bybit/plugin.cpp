#include "plugin.hpp"

SPILLWAY_PLUGIN(spillway::bybit::Bybit)
