#include "plugin.hpp"

SPILLWAY_PLUGIN(spillway::kraken_futures::KrakenFutures)
