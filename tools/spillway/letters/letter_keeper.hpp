#pragma once

#include <map>
#include <string>
#include <vector>

#include "letters/letter.hpp"
#include "letters/sink_front.hpp"

namespace spillway::cli {

/// Stands in front of the sink that keeps dead letters while some of them are replayed. A letter
/// that is refused again does not become another one; all others pass. If that sink is the
/// checkpoint store, the letters are settled in the epoch of the replay.
class LetterKeeper final : public SinkFront {
public:
    /// `letters` must outlive the keeper. `settles`: at the commit of an epoch.
    LetterKeeper(Sink& sink, const Letters& letters, bool settles);

    Status open(const SinkSetup& setup) noexcept override;
    Status write(const SinkRows& rows) noexcept override;

    /// What became of the letters, in their order, when all have been through.
    [[nodiscard]] std::vector<LetterOutcome> outcomes(Time time) const;

private:
    Status commit(const EpochCommit& commit) noexcept override;
    /// Whether the event is one of the letters, refused again.
    bool take(const Event& event, const Batch& batch);

    const Letters& letters_;
    bool settles_;
    std::map<std::string, std::vector<std::size_t>> expected_;  ///< letters by their subject
    std::vector<std::string> refused_;                          ///< reasons; empty: not refused
    std::vector<std::uint32_t> rows_;
};

}  // namespace spillway::cli
