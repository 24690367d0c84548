#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "runtime/graph/packet.hpp"

namespace spillway::runtime {

/// Joins the inputs of a node into one packet, by order key, then by input position. Its watermark
/// is the minimum over the inputs that are not idle and have not ended, and never goes back. It is
/// idle while all of these are, and at infinity when all inputs have ended.
class FanIn {
public:
    /// `holds`: for each input whether its watermark holds back that of the node. Where none
    /// does, all do: time must go on. The last `guests` inputs are of this run only: they have no
    /// say, and nothing of them is kept.
    explicit FanIn(std::vector<bool> holds, std::size_t guests = 0)
        : holds_(std::move(holds)), watermarks_(holds_.size(), time_before_all), guests_(guests) {
        if (std::find(holds_.begin(), lasting(holds_), true) == lasting(holds_)) {
            holds_.assign(holds_.size(), true);
        }
        std::fill(lasting(holds_), holds_.end(), false);
    }

    /// `inputs` are in the order of the pipeline file, each already narrowed to its kinds.
    void merge(std::span<const Packet> inputs, Ticket* ticket, Packet& out);

    /// Whether there is something to join in other runs as well.
    [[nodiscard]] bool keeps_state() const noexcept { return holds_.size() > guests_ + 1; }
    template <class Archive>
    void fields(Archive& io) {
        std::vector<Time> watermarks(watermarks_.begin(), lasting(watermarks_));
        io(1, watermarks);
        io(2, joint_);
        io(3, idle_);
        // Inputs may have come or gone since.
        if (watermarks.size() + guests_ != watermarks_.size()) return;
        std::copy(watermarks.begin(), watermarks.end(), watermarks_.begin());
    }

private:
    /// Behind the inputs that are not guests.
    template <class Values>
    [[nodiscard]] typename Values::iterator lasting(Values& values) const noexcept {
        return values.end() - static_cast<std::ptrdiff_t>(guests_);
    }
    /// How far an input is merged.
    struct Cursor {
        std::uint32_t row = 0;   ///< next selected event
        std::uint32_t mark = 0;  ///< next watermark
    };
    struct Next;
    [[nodiscard]] Next next_of(std::span<const Packet> inputs, std::size_t i) const noexcept;
    [[nodiscard]] Next earliest(std::span<const Packet> inputs) const noexcept;
    /// The joint watermark to pass on after one of an input; none if it stays as it was told.
    std::optional<Time> advance(std::size_t input, Time value) noexcept;

    std::vector<bool> holds_;
    std::vector<Time> watermarks_;  ///< newest per input; watermark_idle = idle
    std::size_t guests_;
    Time joint_ = time_before_all;
    bool idle_ = false;  ///< told last that all inputs are idle

    std::vector<Cursor> cursors_;
};

}  // namespace spillway::runtime
