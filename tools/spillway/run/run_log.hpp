#pragma once

#include <string>

#include "logging.hpp"
#include "run/counted_part.hpp"
#include "runtime/run/runner.hpp"

namespace spillway::cli {

/// Mistakes of a pipeline file: with excerpts for people, a log line each for programs.
void log_diagnostics(const runtime::Diagnostics& diagnostics, const LogSettings& log);

/// Tells the log what happens to a run on the way.
class RunLog final : public runtime::RunListener {
public:
    /// `records`: live sources are recorded.
    RunLog(std::string pipeline, bool records);

    void started(const EpochInfo& last, bool resumed) override;
    void restarting(std::string_view node, const Status& why, unsigned attempt) override;
    void reloaded(const Status& status) override;
    void fell_behind(std::string_view sink) override;
    void caught_up(std::string_view sink, std::uint64_t dropped) override;

    /// What the figures of a run that has ended are of.
    [[nodiscard]] const CountedPart& counted() const noexcept { return counted_; }

private:
    std::string pipeline_;
    bool records_;
    std::string anew_;  ///< why the next start is not the first one
    double wall_begin_, cpu_begin_;
    CountedPart counted_;
};

}  // namespace spillway::cli
