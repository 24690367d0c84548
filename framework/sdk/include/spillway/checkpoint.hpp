#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <spillway/status.hpp>
#include <spillway/time.hpp>

namespace spillway {

/// A row of a checkpoint: state of a node under a key, perhaps in parts. What the engine itself
/// keeps (source positions, watermarks) has a part that begins with `spillway.`. The views are
/// valid during the call. Empty bytes delete the row.
struct StateRow {
    std::string_view node, key, part;
    std::uint32_t version = 0;
    std::span<const std::byte> bytes;
};

/// The newest complete epoch of a pipeline.
struct EpochInfo {
    std::uint64_t epoch = 0;      ///< 0 = there is none
    Time time = time_before_all;  ///< engine time of its barrier
    bool finished = false;        ///< all sources had ended
};

/// Takes the rows of a checkpoint. Implemented by the engine and tools.
class StateRowVisitor {
public:
    virtual void row(const StateRow& row, std::uint64_t epoch) noexcept = 0;

protected:
    ~StateRowVisitor() = default;
};

/// What makes an epoch.
struct EpochCommit {
    EpochInfo info;
    std::span<const StateRow> changed;
    bool starts_over = false;  ///< rows of earlier epochs go, whether they changed or not
};

struct SinkSetup;

/// What a sink adds to be `checkpoint: {store: <it>}`: rows, state and epoch in one transaction, so
/// that each row is there exactly once after any crash. Called on the sink's thread, for the
/// pipeline that `open` named.
class CheckpointStore {
public:
    /// The newest epoch, and all its rows to `rows`, unless that is null.
    virtual Result<EpochInfo> load(StateRowVisitor* rows) noexcept = 0;
    /// Makes everything that was written and this state durable at once; takes the place of
    /// `Sink::flush`.
    virtual Status commit(const EpochCommit& commit) noexcept = 0;

    /// The same as `load`, in place of `Sink::open`: the sink is not opened, and a run may write to
    /// the store meanwhile. A store that does not exist has no epoch.
    virtual Result<EpochInfo> look(const SinkSetup& setup, StateRowVisitor* rows) noexcept = 0;

protected:
    ~CheckpointStore() = default;
};

}  // namespace spillway
