#pragma once

#include <vector>

#include "notification.hpp"

namespace spillway::alerts {

struct DataHealthOptions {
    Severity severity = Severity::warning;
    Duration grace = 60 * second;             ///< degraded for this long before it is an alert
    Duration quiet_after_loss = 15 * minute;  ///< without further loss, then it is over
    Duration repeat_after = 15 * minute;
};

/// Degraded data is an alert of its own: one of these per feed (venue, kind). A feed that is
/// disconnected, stale or has a gap alerts after `grace`, so that a quick reconnect wakes nobody,
/// and until it is connected or resumed. Dropped records are lost for good: they alert at once,
/// until no more were lost for a while. Driven like AlertMachine.
class DataHealth {
public:
    DataHealth() = default;
    explicit DataHealth(AlertKey key) : key_(std::move(key)) {}

    void observe(FeedState state, Time now, const DataHealthOptions& options,
                 std::vector<Notification>& out);
    void advance(Time now, const DataHealthOptions& options, std::vector<Notification>& out);
    [[nodiscard]] Time next_due(const DataHealthOptions& options) const noexcept;

    [[nodiscard]] const AlertKey& key() const noexcept { return key_; }
    [[nodiscard]] bool firing() const noexcept { return firing_; }
    [[nodiscard]] bool degraded() const noexcept { return degraded_; }

    template <class Archive>
    void fields(Archive& io) {
        io(1, key_);
        io(2, degraded_);
        io(3, degraded_since_);
        io(4, last_loss_);
        io(5, firing_);
        io(6, started_);
        io(7, last_notified_);
        io(8, episode_.high);
        io(9, episode_.low);
    }

private:
    void settle(Time now, const DataHealthOptions& options, std::vector<Notification>& out);
    [[nodiscard]] bool losing(Time now, const DataHealthOptions& options) const noexcept;
    [[nodiscard]] Time settle_due(const DataHealthOptions& options) const noexcept;
    void notify(Change change, Time now, const DataHealthOptions& options,
                std::vector<Notification>& out);

    AlertKey key_{AlertType::data, {}, Direction::none};
    bool degraded_ = false;
    Time degraded_since_ = 0;
    Time last_loss_ = time_before_all;
    bool firing_ = false;
    Time started_ = 0;
    Time last_notified_ = 0;
    Id episode_;
};

}  // namespace spillway::alerts
