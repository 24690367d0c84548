#pragma once

#include <cstdint>
#include <optional>

#include <spillway/kind.hpp>
#include <spillway/time.hpp>

namespace spillway::alerts {

/// Which rules turn a risk into a severity; the profile of the score decides.
enum class Profile : std::uint8_t { scaled, classic, monotone };

/// Which scores an alert acts on. The published rates of false alarms hold for closes only.
enum class ActOn : std::uint8_t { close, emission };

/// Profile `scaled`. A severity holds from its threshold on, and is left after `leave_after` below.
struct ScaledRules {
    double info = 50;
    double warning = 60;
    double critical = 70;
    Duration leave_after = 30 * minute;
};

/// Profiles `classic` and `monotone`: the predecessor's rules, all comparisons strict.
struct PredecessorRules {
    double info_risk = 30;
    double warning_risk = 50;
    double warning_pressure = 0;
    double critical_risk = 70;
    double critical_pressure = -30;

    double info_leave = 25;
    double warning_leave = 45;
    double critical_leave = 65;
    double critical_leave_pressure = -20;

    /// WARNING and CRITICAL do without a pressure that is unknown (and the alert says so).
    bool pressure_optional = false;
};

struct Rules {
    Profile profile = Profile::scaled;
    ScaledRules scaled;
    PredecessorRules predecessor;
    double elevated = 60;  ///< fragility from which a market is ELEVATED: a state, never a page
    double aligned_warning = 0;           ///< pressure below which a WARNING is marked aligned
    double aligned_critical = -30;        ///< the same for CRITICAL
    Duration min_dwell = 60 * second;     ///< in a severity before it can sink
    Duration repeat_after = 15 * minute;  ///< since the last notification; WARNING and CRITICAL
};

/// What the rules see of one market and direction at one engine time.
struct Reading {
    std::optional<double> risk;       ///< 0..100; none: missing, stale or warming up
    double high = 100;                ///< what the risk could be, given what is missing
    std::uint32_t missing = 0;        ///< one bit per component of the score that is missing
    std::optional<double> pressure;   ///< -100..100, not yet turned to the direction
    std::optional<double> fragility;  ///< 0..100
    /// How long the reading may be taken for the present state: three expected intervals of the
    /// score (heartbeat or grid). After that it counts as missing.
    Duration valid_for = 3 * minute;

    template <class Archive>
    void fields(Archive& io) {
        io(1, risk);
        io(2, high);
        io(3, missing);
        io(4, pressure);
        io(5, fragility);
        io(6, valid_for);
    }
};

/// Pressure as the rules for a down-cascade read it: for up-cascades its sign is turned.
[[nodiscard]] constexpr double directed(double pressure, Direction direction) noexcept {
    return direction == Direction::up ? -pressure : pressure;
}

/// The predecessor's combined score: risk - pressure (up: risk + pressure).
[[nodiscard]] constexpr double combined(double risk, double pressure,
                                        Direction direction) noexcept {
    return risk - directed(pressure, direction);
}

/// The enter rule of a severity. Never holds without a risk; always holds for `none`.
[[nodiscard]] bool enters(Severity severity, const Reading& reading, Direction direction,
                          const Rules& rules) noexcept;

/// The highest severity whose enter rule holds; non-decreasing in risk.
[[nodiscard]] Severity entered(const Reading& reading, Direction direction,
                               const Rules& rules) noexcept;

/// Risk at or above which a severity cannot be left: its threshold (scaled), or its leave value.
[[nodiscard]] double leave_below(Severity severity, const Rules& rules) noexcept;

/// The part of the predecessor's leave rules that pressure decides: CRITICAL is left once it is
/// known to be above critical_leave_pressure. Always false for `scaled`.
[[nodiscard]] bool pressure_leaves(Severity severity, const Reading& reading, Direction direction,
                                   const Rules& rules) noexcept;

/// Whether the predecessor's pressure condition of the severity holds as well. None when the
/// pressure is unknown or the severity has no such condition (INFO).
[[nodiscard]] std::optional<bool> aligned(Severity severity, const Reading& reading,
                                          Direction direction, const Rules& rules) noexcept;

}  // namespace spillway::alerts
