#pragma once

#include <ctime>

namespace spillway::bench {

/// CPU time of all threads of this process since its construction. Unlike wall time it does not
/// grow while other processes run, though their use of shared caches still shows.
class CpuStopwatch {
public:
    double seconds() const { return now() - started_; }

private:
    static double now() {
        std::timespec time{};
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
    }

    double started_ = now();
};

}  // namespace spillway::bench
