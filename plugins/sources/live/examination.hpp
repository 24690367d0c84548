#pragma once

#include <functional>
#include <memory>
#include <string>

#include <spillway/source.hpp>

#include "driver.hpp"

namespace spillway::live {

/// Tries one address step by step, and reports each; blocks.
using Probe = std::function<void(const std::string& url)>;

/// Tries all that a venue needs, for `spillway doctor`: an address of each host by `probe`, then
/// the driver itself until data arrives. Takes up to half a minute, whatever hangs, if no probe
/// takes longer than `longest_probe`.
void examine(std::unique_ptr<Network> network, const Protocol& protocol, Driver::Settings settings,
             const Probe& probe, Examiner& out);

}  // namespace spillway::live
