#pragma once

namespace spillway::cli {

/// What the process answers; scripts and service units rely on it.
enum ExitCode : int {
    exit_ok = 0,        ///< also after Ctrl-C that drained
    exit_failed = 1,    ///< the run or a check failed
    exit_usage = 2,     ///< wrong command line or pipeline file; nothing was started
    exit_at_once = 130  ///< a second Ctrl-C: what was in flight is lost
};

}  // namespace spillway::cli
