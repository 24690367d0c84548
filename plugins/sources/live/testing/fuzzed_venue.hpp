#pragma once

#include <string_view>

#include "toy_venue.hpp"

namespace spillway::live::testing {

/// Runs a driver against servers that say what the script says (`Script`), through the real clients
/// and into a mailbox, until a while after the script is over. Aborts if something does not hold
/// that must hold whatever they say: what is in the mailbox is what was counted, nothing is larger
/// than allowed, nothing is waited for without an end, and the end leaves nothing behind.
void fuzz_driver(const ToyVenue& venue, std::string_view script);

}  // namespace spillway::live::testing
