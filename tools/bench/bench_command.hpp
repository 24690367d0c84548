#pragma once

#include <string>
#include <vector>

namespace spillway::bench {

/// `spillway bench ARGUMENTS`: measures this build on this machine and prints what it found.
/// Answers the exit code: 0, 1 if a measurement could not be made, 2 for a wrong command line.
int bench_command(const std::vector<std::string>& arguments);

}  // namespace spillway::bench
