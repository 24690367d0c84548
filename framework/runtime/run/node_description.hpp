#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::runtime {

/// What a node was when its state was written: kept beside the state, to tell whether a later
/// pipeline file means the same node.
struct NodeDescription {
    std::string type;                 ///< plugin, `/` venue
    std::vector<std::string> places;  ///< values of path options; secrets as hashes
    std::uint64_t settings = 0;       ///< hash of type, inputs and options; secrets left out

    template <class Archive>
    void fields(Archive& io) {
        io(1, type);
        io(2, places);
        io(3, settings);
    }
};

[[nodiscard]] NodeDescription describe(const NodeSpec& node);

/// Type, inputs and options are equal, secrets as well.
[[nodiscard]] bool is_configured_alike(const NodeSpec& a, const NodeSpec& b);

}  // namespace spillway::runtime
