#pragma once

#include <functional>
#include <thread>

namespace spillway::cli {

/// SIGINT and SIGTERM for a program that drains, SIGHUP for one that reloads. They are blocked in
/// the thread that constructs this and in all threads it starts later, so construct it before any
/// of them; one thread of our own waits for them and may therefore do what a signal handler must
/// not.
class RunSignals {
public:
    RunSignals();
    ~RunSignals();
    RunSignals(const RunSignals&) = delete;
    RunSignals& operator=(const RunSignals&) = delete;

    struct Actions {
        std::function<void()> stop;    ///< the first SIGINT or SIGTERM
        std::function<void()> leave;   ///< the second, just before the process ends with 130
        std::function<void()> reload;  ///< each SIGHUP before a stop
    };
    /// From now on signals call these, on a thread of their own. One that came before counts. Call
    /// it once.
    void watch(Actions actions);
    /// Calls nothing any more; signals stay blocked.
    void unwatch();

private:
    int signals_ = -1;
    int end_ = -1;
    std::thread thread_;
};

}  // namespace spillway::cli
