#pragma once

#include <optional>
#include <span>
#include <vector>

#include "runtime/graph/packet.hpp"

namespace spillway::runtime {

/// Joins the inputs of a node into one packet, by order key, then by input position. Its watermark
/// is the minimum over the inputs that are not idle and have not ended, and never goes back. It is
/// idle while all of these are, and at infinity when all inputs have ended.
class FanIn {
public:
    explicit FanIn(std::size_t inputs) : watermarks_(inputs, time_before_all) {}

    /// `inputs` are in the order of the pipeline file, each already narrowed to its kinds.
    void merge(std::span<const Packet> inputs, Ticket* ticket, Packet& out);

private:
    /// The joint watermark to pass on after one of an input; none if it stays as it was told.
    std::optional<Time> advance(std::size_t input, Time value) noexcept;

    std::vector<Time> watermarks_;  ///< newest per input; watermark_idle = idle
    Time joint_ = time_before_all;
    bool idle_ = false;  ///< told last that all inputs are idle

    struct Cursor {
        std::uint32_t row = 0;   ///< next selected event
        std::uint32_t mark = 0;  ///< next watermark
    };
    std::vector<Cursor> cursors_;
};

}  // namespace spillway::runtime
