#include "report/alert_log.hpp"

#include <algorithm>

namespace spillway::report {

void AlertLog::observe(Time time, Severity severity, bool resolved) {
    if (resolved) {
        if (current_) {
            ++counts_[static_cast<std::size_t>(highest_)];
        }
        current_.reset();
        return;
    }
    const std::size_t from = current_ ? static_cast<std::size_t>(*current_) + 1 : 0;
    for (std::size_t level = from; level <= static_cast<std::size_t>(severity); ++level) {
        if (starts_[level].size() < max_starts) {
            starts_[level].push_back(time);
        } else {
            ++starts_not_kept_;
        }
    }
    highest_ = current_ ? std::max(highest_, severity) : severity;
    current_ = severity;
}

std::array<std::uint64_t, 3> AlertLog::by_highest_severity() const {
    auto counts = counts_;
    if (current_) {
        ++counts[static_cast<std::size_t>(highest_)];
    }
    return counts;
}

std::span<const Time> AlertLog::starts(Severity level) const {
    return starts_[static_cast<std::size_t>(level)];
}

}  // namespace spillway::report
