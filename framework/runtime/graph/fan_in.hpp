#pragma once

#include <span>
#include <vector>

#include "runtime/graph/packet.hpp"

namespace spillway::runtime {

/// Joins the inputs of a node into one packet, by order key, then by input position. Its watermark
/// is the minimum over the inputs that are not idle, and never goes back.
class FanIn {
public:
    explicit FanIn(std::size_t inputs) : watermarks_(inputs, time_before_all) {}

    /// `inputs` are in the order of the pipeline file, each already narrowed to its kinds.
    void merge(std::span<const Packet> inputs, Ticket* ticket, Packet& out);

private:
    /// True when the joint watermark advanced.
    bool advance(std::size_t input, Time value) noexcept;

    std::vector<Time> watermarks_;  ///< newest per input; watermark_idle = idle
    Time joint_ = time_before_all;

    struct Cursor {
        std::uint32_t row = 0;   ///< next selected event
        std::uint32_t mark = 0;  ///< next watermark
    };
    std::vector<Cursor> cursors_;
};

}  // namespace spillway::runtime
