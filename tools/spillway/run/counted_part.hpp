#pragma once

#include <cstdint>
#include <string>

namespace spillway::cli {

/// The part of a run that the counts of its nodes are of: they begin anew with every graph, which a
/// reload makes, and a restart after a node threw.
struct CountedPart {
    std::string since = {};   ///< "the reload at epoch 12"; empty: all of the run is counted
    std::uint64_t epoch = 0;  ///< the last one before this part; 0: all of the run is counted
    double wall_seconds = 0;  ///< of the run before this part
    double cpu_seconds = 0;   ///< the same
};

}  // namespace spillway::cli
