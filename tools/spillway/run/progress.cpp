#include "run/progress.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "report/text_format.hpp"

namespace spillway::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto redraw_every = std::chrono::milliseconds(100);
/// The rate shown is an average over about this many seconds.
constexpr double rate_memory_seconds = 1.0;
constexpr int widest_bar = 24;
constexpr double longest_estimate_seconds = 100 * 3600;

std::string clock_text(double seconds) {
    const auto total = static_cast<std::int64_t>(std::ceil(seconds));
    if (total < 3600) return fmt::format("{}:{:02}", total / 60, total % 60);
    return fmt::format("{}:{:02}:{:02}", total / 3600, total / 60 % 60, total % 60);
}

std::string bar_text(double progress) {
    const int filled = static_cast<int>(progress * widest_bar);
    return fmt::format("[{:#<{}}{:-<{}}] {:3.0f}%", "", filled, "", widest_bar - filled,
                       std::floor(progress * 100));
}

double seconds_between(Clock::time_point from, Clock::time_point to) {
    return std::chrono::duration<double>(to - from).count();
}

}  // namespace

std::string progress_line(const ProgressView& view, unsigned columns) {
    std::vector<std::string> parts;
    const bool known = view.progress >= 0;
    const double progress = std::clamp(view.progress, 0.0, 1.0);
    if (known) parts.push_back(bar_text(progress));
    if (view.engine_time > earliest_event_time) {
        // "2026-02-05T20:25:00.000Z" to the second.
        std::string time = format_time(view.engine_time).substr(0, 19);
        time[10] = ' ';
        parts.push_back(time + " UTC");
    }
    parts.push_back(report::grouped(view.records) + " records");
    const auto rate = static_cast<std::uint64_t>(std::max(0.0, view.records_per_second));
    parts.push_back(report::grouped(rate) + "/s");
    const double left = progress > 0 ? view.elapsed_seconds * (1 - progress) / progress : -1;
    if (known && left >= 0 && left < longest_estimate_seconds) {
        parts.push_back("ETA " + clock_text(left));
    } else if (!known) {
        parts.push_back(clock_text(view.elapsed_seconds));
    }
    std::string line = parts.front();
    for (std::size_t i = 1; i < parts.size(); ++i) {
        if (line.size() + 2 + parts[i].size() > columns) break;
        line += "  " + parts[i];
    }
    return line.substr(0, columns);
}

ProgressBar::ProgressBar(ReadStatus status)
    : status_{std::move(status)}, thread_{[this] { draw_until_stopped(); }} {}

void ProgressBar::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
    line_.release();
}

void ProgressBar::draw_until_stopped() {
    const auto start = Clock::now();
    auto last = start;
    ProgressView view;
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, redraw_every, [this] { return stopping_; })) {
        const runtime::RunStatus status = status_();
        const auto now = Clock::now();
        const double passed = seconds_between(last, now);
        // Counts begin anew after a reload or restart.
        const std::uint64_t before = std::min(view.records, status.records);
        const double rate = static_cast<double>(status.records - before) / passed;
        const double weight = view.records == 0 ? 1 : 1 - std::exp(-passed / rate_memory_seconds);
        view = {status.progress, status.engine_time, status.records,
                view.records_per_second + weight * (rate - view.records_per_second),
                seconds_between(start, now)};
        last = now;
        line_.draw(progress_line(view, BottomLine::columns()));
    }
}

}  // namespace spillway::cli
