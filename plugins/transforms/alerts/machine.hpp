#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "notification.hpp"
#include "severity.hpp"

namespace spillway::alerts {

/// The alert of one market and direction.
///
/// The target severity is the highest one whose enter rule holds, or which is not above the
/// current one and whose leave rule does not hold. Rising is immediate; sinking goes straight to
/// the target once the current severity has lasted min_dwell. A severity of profile `scaled` is
/// left after leave_after below its threshold, counted for each threshold by itself; one of
/// `classic` and `monotone` when its leave rule holds.
///
/// Missing data never lowers a severity. The time below a threshold does not run while the risk
/// is missing, its reading has outlived valid_for, or a component that was there when the severity
/// last held is gone and the risk could still be at the threshold with it (`high`).
///
/// Driven by engine time only: advance(now) before observe(.., now), and at next_due().
class AlertMachine {
public:
    AlertMachine() = default;
    explicit AlertMachine(AlertKey key) : key_(std::move(key)) {}

    /// Takes the newest reading. Notifications are appended in order of time.
    void observe(const Reading& reading, Time now, const Rules& rules,
                 std::vector<Notification>& out);
    /// Fires every timer due at or before `now`.
    void advance(Time now, const Rules& rules, std::vector<Notification>& out);
    /// When advance() has something to do; time_never if nothing is pending.
    [[nodiscard]] Time next_due(const Rules& rules) const noexcept;

    [[nodiscard]] const AlertKey& key() const noexcept { return key_; }
    [[nodiscard]] Severity severity() const noexcept { return severity_; }
    [[nodiscard]] bool firing() const noexcept { return severity_ != Severity::none; }
    [[nodiscard]] bool elevated() const noexcept { return elevated_; }
    [[nodiscard]] const Reading& reading() const noexcept { return reading_; }
    [[nodiscard]] const Id& episode() const noexcept { return episode_; }
    [[nodiscard]] Time started() const noexcept { return started_; }

    template <class Archive>
    void fields(Archive& io) {
        io(1, key_);
        io(2, reading_);
        io(3, severity_);
        io(4, severity_since_);
        io(5, last_notified_);
        io(6, started_);
        io(7, episode_.high);
        io(8, episode_.low);
        io(9, elevated_);
        io(10, held_missing_);
        io(11, levels_);
        io(12, counted_until_);
        io(13, valid_until_);
    }

private:
    /// How long the risk has been below one severity's threshold.
    struct Level {
        bool below = true;                ///< known to be below at the newest reading
        Duration below_for = time_never;  ///< kept at leave_after once reached; starts "for ever"

        template <class Archive>
        void fields(Archive& io) {
            io(1, below);
            io(2, below_for);
        }
    };
    [[nodiscard]] Level& level(Severity severity) noexcept {
        return levels_[static_cast<std::size_t>(severity)];
    }
    [[nodiscard]] const Level& level(Severity severity) const noexcept {
        return levels_[static_cast<std::size_t>(severity)];
    }

    [[nodiscard]] bool known_below(Severity severity, const Rules& rules) const noexcept;
    [[nodiscard]] bool leaves(Severity severity, const Rules& rules) const noexcept;
    [[nodiscard]] Severity target(Time now, const Rules& rules) const noexcept;
    [[nodiscard]] Time sink_due(const Rules& rules) const noexcept;
    [[nodiscard]] Time repeat_due(const Rules& rules) const noexcept;
    void count_until(Time now, const Rules& rules) noexcept;
    void apply(Time now, const Rules& rules, std::vector<Notification>& out);
    void notify(Change change, Severity previous, Time now, const Rules& rules,
                std::vector<Notification>& out);

    AlertKey key_;
    Reading reading_;
    Severity severity_ = Severity::none;
    Time severity_since_ = 0;
    Time last_notified_ = 0;
    Time started_ = 0;
    Id episode_;
    bool elevated_ = false;
    std::uint32_t held_missing_ = 0;  ///< components missing when the severity last held
    std::array<Level, 4> levels_;     ///< by Severity
    Time counted_until_ = time_before_all;
    Time valid_until_ = time_before_all;
};

}  // namespace spillway::alerts
