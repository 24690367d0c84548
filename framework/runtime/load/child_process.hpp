#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace spillway::runtime {

/// How a child process ended.
struct ChildOutcome {
    enum class Ending {
        finished,   ///< the work returned
        exited,     ///< something in it called exit()
        signalled,  ///< `code` is the signal
        timed_out,  ///< killed when its time was over
        not_started,
    };
    Ending ending = Ending::not_started;
    int code = 0;        ///< exit status, signal or errno
    std::string answer;  ///< what the work returned, cut at ChildLimits::answer
    std::string output;  ///< the end of what it wrote to standard output and error
};

/// What a child may write, in bytes.
struct ChildLimits {
    std::size_t answer = 4096;
    std::size_t file = std::size_t{1} << 20U;  ///< any file, standard output and error included
};

/// Runs `work` in a forked child, without core dumps, with a silent standard output and error, and
/// waits for it at most `patience`. Call it before any thread starts.
[[nodiscard]] ChildOutcome run_in_child(const std::function<std::string()>& work,
                                        std::chrono::milliseconds patience,
                                        const ChildLimits& limits = {});

}  // namespace spillway::runtime
