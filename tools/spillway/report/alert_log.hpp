#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "report/records.hpp"

namespace spillway::report {

inline constexpr std::array severities{Severity::info, Severity::warning, Severity::critical};

// Alerts of one market and direction: how many there were by the highest severity each reached,
// and when each level was entered (rises from below it; a repeated notification is no rise).
class AlertLog {
public:
    void observe(Time time, Severity severity, bool resolved);

    std::array<std::uint64_t, 3> by_highest_severity() const;  // the one that fires now included
    std::span<const Time> starts(Severity level) const;
    std::uint64_t starts_not_kept() const { return starts_not_kept_; }

private:
    static constexpr std::size_t max_starts = 16'384;  // a level, 128 kB

    std::array<std::uint64_t, 3> counts_{};
    std::array<std::vector<Time>, 3> starts_;
    std::optional<Severity> current_;
    Severity highest_ = Severity::info;
    std::uint64_t starts_not_kept_ = 0;
};

}  // namespace spillway::report
