#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <vector>

#include <spillway/checkpoint.hpp>

#include "runtime/epoch/state_buffer.hpp"

namespace spillway::runtime {

/// The epoch that is on its way through the pipeline; there is one at a time.
///
/// It begins on the engine thread, with the positions of the sources. The barrier then travels
/// with the step: each stage hands over the state of its nodes when it has run the step, each sink
/// when it has made its rows durable. The checkpoint store comes last: it waits for all others,
/// then commits rows, state and epoch at once. Each buffer is written by the thread that its part
/// belongs to.
class Epoch {
public:
    /// Parts: the ingress, then the stages, then the sinks.
    explicit Epoch(std::size_t parts) : buffers_(parts), done_(parts, false) {}

    /// What the parts are to hand over.
    enum class State { none, changed, all };

    /// Engine thread; the epoch before must be over.
    void begin(const EpochInfo& info, State state, bool starts_over);
    [[nodiscard]] const EpochInfo& info() const noexcept { return info_; }
    [[nodiscard]] State state() const noexcept { return state_; }
    /// Rows of earlier epochs go.
    [[nodiscard]] bool starts_over() const noexcept { return starts_over_; }

    [[nodiscard]] StateBuffer& buffer(std::size_t part) noexcept { return buffers_[part]; }
    /// The part's buffer is complete.
    void part_done(std::size_t part);
    /// Waits until all parts but `own` are done; false if the run failed meanwhile. The rows are
    /// then all there.
    [[nodiscard]] bool wait_for_others(std::size_t own, std::vector<StateRow>& rows);

    /// Nothing is on its way. The engine thread asks before it begins another.
    [[nodiscard]] bool over() const;
    /// Waits for that, or for the end of the run.
    void wait_over();
    /// The run failed: nobody waits any longer, and the epoch is never committed.
    void abandon();

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    EpochInfo info_;
    State state_ = State::none;
    bool starts_over_ = false;
    std::vector<StateBuffer> buffers_;
    std::vector<bool> done_;  // guarded by mutex_, as the following
    std::size_t left_ = 0;    ///< parts that are not done
    bool abandoned_ = false;
};

}  // namespace spillway::runtime
