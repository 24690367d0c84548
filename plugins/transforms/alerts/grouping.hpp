#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "notification.hpp"

namespace spillway::alerts {

struct GroupOptions {
    std::uint32_t alone = 5;              ///< markets that go out by themselves within `within`
    Duration within = 60 * second;        ///< engine time
    Duration update_every = 60 * second;  ///< between updates that only add markets
    Duration repeat_after = 15 * minute;  ///< since the last notification; WARNING and CRITICAL
};

/// How one notification reaches people.
enum class Route : std::uint8_t {
    alone,    ///< as a message of its own
    grouped,  ///< as part of the market-wide alert
};

/// A step of the market-wide alert; its direction is that of its members, `none` if mixed.
struct GroupNotification {
    Notification step;
    Direction direction = Direction::none;
    std::vector<std::string> markets;  ///< firing members, by name
};

/// Keeps a crash from becoming a hundred messages. When more than N markets begin to fire within
/// 60 s, the first N go out at once and by themselves; each later one joins one market-wide
/// alert, together with everything its episode does afterwards. What was sent is never withdrawn:
/// an episode stays on the way it began. The market-wide alert has the highest severity of its
/// members, goes out at once when the first one joins and whenever its severity changes, and is
/// resolved with its last member.
///
/// Runs unkeyed on engine time: advance(now) before route(.., now), and at next_due().
class Grouping {
public:
    Route route(const AlertKey& key, const Notification& notification, const GroupOptions& options,
                std::vector<GroupNotification>& out);
    void advance(Time now, const GroupOptions& options, std::vector<GroupNotification>& out);
    [[nodiscard]] Time next_due(const GroupOptions& options) const noexcept;

    [[nodiscard]] bool firing() const noexcept { return !members_.empty(); }
    [[nodiscard]] std::size_t members() const noexcept { return members_.size(); }

    template <class Archive>
    void fields(Archive& io) {
        io(1, recent_);
        io(2, members_);
        io(3, episode_.high);
        io(4, episode_.low);
        io(5, started_);
        io(6, severity_);
        io(7, last_notified_);
        io(8, unannounced_);
    }

private:
    /// A market that began to fire, alone or not.
    struct Onset {
        Time at = 0;
        std::string market;

        template <class Archive>
        void fields(Archive& io) {
            io(1, at);
            io(2, market);
        }
    };
    /// An episode that is part of the market-wide alert.
    struct Member {
        Id episode;
        AlertKey key;
        Severity severity = Severity::none;

        template <class Archive>
        void fields(Archive& io) {
            io(1, episode.high);
            io(2, episode.low);
            io(3, key);
            io(4, severity);
        }
    };

    [[nodiscard]] bool crowded(const std::string& market, Time now, const GroupOptions& options);
    void settle(Time now, std::vector<GroupNotification>& out);
    void notify(Change change, Severity previous, Time now, std::vector<GroupNotification>& out);

    std::deque<Onset> recent_;     ///< one a market, by time
    std::vector<Member> members_;  ///< by time of joining
    Id episode_;
    Time started_ = 0;
    Severity severity_ = Severity::none;
    Time last_notified_ = 0;
    bool unannounced_ = false;  ///< a market joined since the last notification
};

}  // namespace spillway::alerts
