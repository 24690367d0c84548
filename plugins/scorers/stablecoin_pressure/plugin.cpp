#include "plugin.hpp"

SPILLWAY_PLUGIN(spillway::stablecoin_pressure::StablecoinPressure)
