#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <spillway/id.hpp>
#include <spillway/kind.hpp>
#include <spillway/time.hpp>

namespace spillway::alerts {

/// What an alert is about. Market-wide alerts have the market `*`.
struct AlertKey {
    AlertType type = AlertType::liquidation_risk;
    std::string market;
    Direction direction = Direction::none;

    template <class Archive>
    void fields(Archive& io) {
        io(1, type);
        io(2, market);
        io(3, direction);
    }
};

/// Why a notification goes out.
enum class Change : std::uint8_t {
    opened,
    escalated,
    de_escalated,
    joined,    ///< a market-wide alert has new markets
    repeated,  ///< still firing
    resolved,
};

/// One step of an episode. The episode keeps its id from `opened` to `resolved`.
struct Notification {
    Time at = 0;  ///< engine time
    Change change = Change::opened;
    Severity severity = Severity::none;  ///< from now on; `none` when resolved
    Severity previous = Severity::none;
    Id episode;
    Time started = 0;             ///< engine time of `opened`
    std::optional<bool> aligned;  ///< pressure agrees; none if unknown or without meaning
};

/// Hash of (type, market, direction, start): the same episode has the same id in every run.
[[nodiscard]] inline Id alert_episode_id(const AlertKey& key, Time started) {
    std::string text = "alert|";
    text += name_in(alert_type_names, key.type);
    text += '|';
    text += key.market;
    text += '|';
    text += name_in(direction_names, key.direction);
    text += '|';
    text += std::to_string(started);
    return hash_id(text.data(), text.size());
}

}  // namespace spillway::alerts
