#pragma once

#include <map>
#include <string>
#include <vector>

#include <spillway/sink.hpp>

#include "letters/letter.hpp"

namespace spillway::cli {

/// Stands in front of the sink that keeps dead letters while some of them are replayed. A letter
/// that is refused again does not become another one; all others pass. If that sink is the
/// checkpoint store, the letters are settled in the epoch of the replay.
class LetterKeeper final : public Sink, private CheckpointStore {
public:
    /// `letters` must outlive the keeper. `settles`: at the commit of an epoch.
    LetterKeeper(Sink& sink, const Letters& letters, bool settles);

    Status configure(std::span<const OptionValue>) noexcept override { return {}; }
    Status open(const SinkSetup& setup) noexcept override;
    Status write(const SinkRows& rows) noexcept override;
    Status flush(std::uint64_t epoch) noexcept override { return sink_.flush(epoch); }
    void position(StateWriter& out) noexcept override { sink_.position(out); }
    [[nodiscard]] CheckpointStore* checkpoint_store() noexcept override {
        return sink_.checkpoint_store() != nullptr ? this : nullptr;
    }
    Status idle() noexcept override { return sink_.idle(); }
    Status close() noexcept override { return sink_.close(); }
    [[nodiscard]] std::uint64_t dropped() const noexcept override { return sink_.dropped(); }

    /// What became of the letters, in their order, when all have been through.
    [[nodiscard]] std::vector<LetterOutcome> outcomes(Time time) const;

private:
    Result<EpochInfo> load(StateRowVisitor* rows) noexcept override;
    Result<EpochInfo> look(const SinkSetup& setup, StateRowVisitor* rows) noexcept override {
        return sink_.checkpoint_store()->look(setup, rows);
    }
    Status commit(const EpochCommit& commit) noexcept override;
    /// Whether the event is one of the letters, refused again.
    bool take(const Event& event, const Batch& batch);

    Sink& sink_;
    const Letters& letters_;
    bool settles_;
    std::map<std::string, std::vector<std::size_t>> expected_;  ///< letters by their subject
    std::vector<std::string> refused_;                          ///< reasons; empty: not refused
    std::vector<std::uint32_t> rows_;
};

}  // namespace spillway::cli
