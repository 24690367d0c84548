#pragma once

#include <cstdint>
#include <fstream>
#include <optional>
#include <string>

namespace spillway::bench {

/// The largest resident set of this process so far, in bytes; absent without /proc. getrusage's
/// figure is no substitute: it keeps the peak of the program that called exec.
inline std::optional<std::uint64_t> peak_rss_bytes() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:")) return std::stoull(line.substr(6)) * 1024;
    }
    return std::nullopt;
}

/// Lets the peak start again at the present size; false if the kernel refuses.
inline bool reset_peak_rss() {
    std::ofstream clear("/proc/self/clear_refs");
    clear << "5" << std::flush;
    return clear.good();
}

}  // namespace spillway::bench
