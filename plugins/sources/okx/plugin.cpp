#include "plugin.hpp"

SPILLWAY_PLUGIN(spillway::okx::Okx)
