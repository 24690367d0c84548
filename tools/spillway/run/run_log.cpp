#include "run/run_log.hpp"

#include <chrono>
#include <ctime>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace spillway::cli {
namespace {

double wall_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

}  // namespace

RunLog::RunLog(std::string pipeline, bool records)
    : pipeline_(std::move(pipeline)),
      records_(records),
      wall_begin_(wall_seconds()),
      cpu_begin_(cpu_seconds()) {}

void log_diagnostics(const runtime::Diagnostics& diagnostics, const LogSettings& log) {
    if (!log.json()) {
        fmt::print(stderr, "{}", to_text(diagnostics));
        return;
    }
    for (const runtime::Diagnostic& one : diagnostics) {
        const bool error = one.level == runtime::DiagnosticLevel::error;
        spdlog::log(error ? spdlog::level::err : spdlog::level::warn, "{}",
                    runtime::to_text({one}));
    }
}

void RunLog::started(const EpochInfo& last, bool resumed) {
    // Later starts, of a reload or after a failure, are within the recording.
    const bool recording_begins = std::exchange(records_, false);
    if (!anew_.empty()) {
        counted_ = {fmt::format("{} at epoch {}", anew_, last.epoch), last.epoch,
                    wall_seconds() - wall_begin_, cpu_seconds() - cpu_begin_};
    }
    if (resumed) {
        spdlog::info(
            "{} goes on from epoch {} ({}); --fresh starts over", pipeline_, last.epoch,
            last.time == time_before_all ? "before the first event" : format_time(last.time));
        if (recording_begins) {
            spdlog::warn(
                "the recording begins in the middle: its replay has no state from before, so that "
                "scores and cascades can differ; record with a --data-dir of its own, or --fresh");
        }
    } else if (last.finished) {
        spdlog::info("{} starts over: its last run had read all input", pipeline_);
    }
}

void RunLog::restarting(std::string_view node, const Status& why, unsigned attempt) {
    spdlog::error("{}: {}; going on from the last epoch (attempt {})", node, why.message(),
                  attempt + 1);
    anew_ = "the restart";
}

void RunLog::reloaded(const Status& status) {
    anew_ = status.ok() ? "the reload" : "the reload that was refused";
    if (status.ok()) {
        spdlog::info("{} reloaded", pipeline_);
    } else {
        spdlog::error("{} not reloaded, the old file stays in force: {}", pipeline_,
                      status.message());
    }
}

void RunLog::fell_behind(std::string_view sink) {
    spdlog::warn(
        "{} does not keep up: its oldest rows are dropped; `when_full: block` under its `run:` "
        "makes the pipeline wait for it instead",
        sink);
}

void RunLog::caught_up(std::string_view sink, std::uint64_t dropped) {
    spdlog::warn("{} keeps up again; {} of its rows were dropped", sink, dropped);
}

}  // namespace spillway::cli
