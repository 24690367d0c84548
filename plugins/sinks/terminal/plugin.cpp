#include "sink.hpp"

SPILLWAY_PLUGIN(spillway::terminal::TerminalSink)
