#include "plugin.hpp"

SPILLWAY_PLUGIN(spillway::filter::ConditionFilter)
