#include "sink.hpp"

SPILLWAY_PLUGIN(spillway::file::FileSink)
