#include "severity.hpp"

#include <array>

namespace spillway::alerts {

namespace {

bool enters_scaled(Severity severity, double risk, const ScaledRules& rules) noexcept {
    switch (severity) {
        case Severity::none:
            return true;
        case Severity::info:
            return risk >= rules.info;
        case Severity::warning:
            return risk >= rules.warning;
        case Severity::critical:
            return risk >= rules.critical;
    }
    return false;
}

bool enters_predecessor(Severity severity, const Reading& reading, Direction direction,
                        const PredecessorRules& rules) noexcept {
    const double risk = *reading.risk;
    const auto pressure_below = [&](double limit) {
        if (!reading.pressure) return rules.pressure_optional;
        return directed(*reading.pressure, direction) < limit;
    };
    switch (severity) {
        case Severity::none:
            return true;
        case Severity::info:
            return risk > rules.info_risk;
        case Severity::warning:
            return risk > rules.warning_risk && pressure_below(rules.warning_pressure);
        case Severity::critical:
            return risk > rules.critical_risk && pressure_below(rules.critical_pressure);
    }
    return false;
}

}  // namespace

bool enters(Severity severity, const Reading& reading, Direction direction,
            const Rules& rules) noexcept {
    if (severity == Severity::none) return true;
    if (!reading.risk) return false;
    if (rules.profile == Profile::scaled) {
        return enters_scaled(severity, *reading.risk, rules.scaled);
    }
    return enters_predecessor(severity, reading, direction, rules.predecessor);
}

Severity entered(const Reading& reading, Direction direction, const Rules& rules) noexcept {
    for (const Severity severity : {Severity::critical, Severity::warning, Severity::info}) {
        if (enters(severity, reading, direction, rules)) return severity;
    }
    return Severity::none;
}

double leave_below(Severity severity, const Rules& rules) noexcept {
    const bool scaled = rules.profile == Profile::scaled;
    switch (severity) {
        case Severity::none:
            return 0;
        case Severity::info:
            return scaled ? rules.scaled.info : rules.predecessor.info_leave;
        case Severity::warning:
            return scaled ? rules.scaled.warning : rules.predecessor.warning_leave;
        case Severity::critical:
            return scaled ? rules.scaled.critical : rules.predecessor.critical_leave;
    }
    return 0;
}

bool pressure_leaves(Severity severity, const Reading& reading, Direction direction,
                     const Rules& rules) noexcept {
    return rules.profile != Profile::scaled && severity == Severity::critical && reading.pressure &&
           directed(*reading.pressure, direction) > rules.predecessor.critical_leave_pressure;
}

std::optional<bool> aligned(Severity severity, const Reading& reading, Direction direction,
                            const Rules& rules) noexcept {
    if (!reading.pressure || severity < Severity::warning) return std::nullopt;
    const double limit =
        severity == Severity::critical ? rules.aligned_critical : rules.aligned_warning;
    return directed(*reading.pressure, direction) < limit;
}

}  // namespace spillway::alerts
