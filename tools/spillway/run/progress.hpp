#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include <spillway/time.hpp>

#include "run/bottom_line.hpp"
#include "runtime/run/runner.hpp"

namespace spillway::cli {

/// What a progress line tells.
struct ProgressView {
    double progress = -1;  ///< 0..1, or -1 when the end is unknown
    Time engine_time = time_before_all;
    std::uint64_t records = 0;
    double records_per_second = 0;
    double elapsed_seconds = 0;
};

/// `[#####-----]  48%  2026-02-05 20:25:00 UTC  27,612 records  41,020/s  ETA 0:03`, shortened from
/// the right to fit into `columns`.
[[nodiscard]] std::string progress_line(const ProgressView& view, unsigned columns);

/// Draws the progress of a run at the bottom of the terminal, ten times a second, from a thread of
/// its own.
class ProgressBar {
public:
    using ReadStatus = std::function<runtime::RunStatus()>;

    explicit ProgressBar(ReadStatus status);
    ~ProgressBar() { stop(); }
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    /// Ends drawing and clears the line.
    void stop();
    /// Clears the line for good; from any thread.
    void clear() noexcept { line_.release(); }

private:
    void draw_until_stopped();

    ReadStatus status_;
    BottomLine line_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace spillway::cli
