#pragma once

#include <string>

#include "logging.hpp"
#include "runtime/run/runner.hpp"

namespace spillway::cli {

/// Mistakes of a pipeline file: with excerpts for people, a log line each for programs.
void log_diagnostics(const runtime::Diagnostics& diagnostics, const LogSettings& log);

/// Tells the log what happens to a run on the way.
class RunLog final : public runtime::RunListener {
public:
    /// `records`: live sources are recorded.
    RunLog(std::string pipeline, bool records)
        : pipeline_(std::move(pipeline)), records_(records) {}

    void started(const EpochInfo& last, bool resumed) override;
    void restarting(std::string_view node, const Status& why, unsigned attempt) override;
    void reloaded(const Status& status) override;
    void fell_behind(std::string_view sink) override;
    void caught_up(std::string_view sink, std::uint64_t dropped) override;

private:
    std::string pipeline_;
    bool records_;
};

}  // namespace spillway::cli
