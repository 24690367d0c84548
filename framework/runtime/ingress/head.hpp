#pragma once

#include <memory>
#include <string>
#include <vector>

#include <spillway/node.hpp>

#include "runtime/graph/node_body.hpp"
#include "runtime/graph/packet.hpp"
#include "runtime/metrics/histogram.hpp"

namespace spillway::runtime {

/// A source's part of one step, with order keys set.
struct SourceInput {
    BatchRef events;          ///< of a source of events; may be null
    PodVector<Frame> frames;  ///< of a source of frames, all in `block`
    BlockRef block;
    BatchRef letters;    ///< records that the source could not read; may be null
    OrderKey last;       ///< of the newest record of this source in this step
    bool ended = false;  ///< the source's last records are in this step

    void clear() {
        events = {};
        frames.clear();
        block = {};
        letters = {};
        last = {};
        ended = false;
    }
};

/// The entry of a source into the graph: decodes frames, refuses events whose time cannot be, and
/// puts watermarks into the stream.
class Head {
public:
    struct Setup {
        std::string id;
        std::unique_ptr<NodeBody> decoder;  ///< null for a source of events
        Duration out_of_order = 5 * second;
        Duration idle_after = 0;
        OnError on_error = OnError::dead_letter;
        NodeCounters* counters = nullptr;
        Histogram* lag = nullptr;  ///< of a live source: receive minus event time of messages
        std::uint32_t rank = 0;
        bool guest = false;  ///< of this run only: keeps no state
    };
    explicit Head(Setup setup) : setup_(std::move(setup)) {}

    [[nodiscard]] Status run(SourceInput& input, const StepInfo& step, const ForEachShard& for_each,
                             Packet& out);
    /// Dead letters of the step just run.
    void take_errors(Packet& out);
    [[nodiscard]] Status snapshot(StateBuffer& out, bool all);
    [[nodiscard]] Status restore(const Checkpoint& from);
    /// Where the decoder threw, after `run` answered a defect.
    [[nodiscard]] OrderKey failed_at() const noexcept {
        return setup_.decoder ? setup_.decoder->failed_at() : OrderKey{};
    }
    template <class Archive>
    void fields(Archive& io) {
        io(1, newest_event_time_);
        io(2, watermark_);
        io(3, last_record_);
        io(4, idle_);
    }
    /// Lets go of what nobody took.
    void release() noexcept;
    [[nodiscard]] const std::string& id() const noexcept { return setup_.id; }

private:
    void admit(Packet& packet);
    void measure_lag(const Packet& packet, std::span<const Frame> frames) const;
    void place_watermarks(Packet& packet, const SourceInput& input, Time horizon);
    [[nodiscard]] bool became_idle(Time until) const noexcept;

    Setup setup_;
    Books books_;
    Emitter errors_;
    Packet decoder_errors_;
    BatchRef letters_;
    Ticket* ticket_ = nullptr;    ///< of the step that runs
    Time newest_event_time_ = 0;  ///< of admitted events; room below for `out_of_order`
    Time watermark_ = time_before_all;
    Time last_record_ = time_before_all;  ///< that became an event
    bool idle_ = false;
    bool ended_ = false;
};

/// Watermarks advance in steps of this much event time.
inline constexpr Duration watermark_grid = second;

}  // namespace spillway::runtime
