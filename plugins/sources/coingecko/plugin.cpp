#include "plugin.hpp"

SPILLWAY_PLUGIN(spillway::coingecko::CoinGecko)
