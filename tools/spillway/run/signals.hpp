#pragma once

#include <functional>
#include <thread>

namespace spillway::cli {

/// SIGINT and SIGTERM for a program that drains. They are blocked in the thread that constructs
/// this and in all threads it starts later, so construct it before any of them; one thread of our
/// own waits for them and may therefore do what a signal handler must not.
class StopSignals {
public:
    StopSignals();
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    /// From now on the first signal calls `on_first`; the second calls `on_second`, then ends the
    /// process at once with 130. A signal that came before counts. Call it once.
    void watch(std::function<void()> on_first, std::function<void()> on_second);
    /// Calls nothing any more; signals stay blocked.
    void unwatch();

private:
    int signals_ = -1;
    int end_ = -1;
    std::thread thread_;
};

}  // namespace spillway::cli
