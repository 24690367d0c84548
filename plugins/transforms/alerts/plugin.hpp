#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <spillway/keyed_transform.hpp>

#include "message.hpp"
#include "watch.hpp"

namespace spillway::alerts {

inline constexpr std::array<std::string_view, 3> profile_names = {"scaled", "classic", "monotone"};
inline constexpr std::array<std::string_view, 2> act_on_names = {"close", "emission"};
inline constexpr std::array<std::string_view, 2> score_names = {"risk", "ignition"};
inline constexpr std::array<std::string_view, 2> pressure_names = {"required", "optional"};

/// Options as the pipeline file has them; see option_list.
struct Options {
    Profile profile;
    ActOn act_on;
    std::uint8_t score;  ///< position in score_names
    double info, warning, critical;
    Duration leave_after;
    double elevated;
    double info_risk, warning_risk, critical_risk, warning_pressure, critical_pressure;
    double info_leave, warning_leave, critical_leave, critical_leave_pressure;
    std::uint8_t pressure;  ///< position in pressure_names
    Duration valid_for, min_dwell, repeat_after;
    std::uint32_t group_after;
    Duration group_within, data_grace, data_quiet;
};

/// Turns scores and source states into `alert` events. Unkeyed: grouping looks at all markets.
class Alerts : public KeyedTransform<Alerts, Watches> {
public:
    static constexpr About about = {
        .name = "alerts",
        .version = "1.0.0",
        .summary = "Alert episodes with hysteresis, repeats, grouping and data health",
        .consumes = {Kind::score, Kind::source_status},
        .emits = {Kind::alert},
        .traits = Trait::needs_ids,
    };
    static constexpr bool keyed = false;
    static constexpr auto option_list = spillway::options(
        option::choice<&Options::profile>("profile", profile_names,
                                          "Rules for severities; as the score's profile.")
            .otherwise("scaled"),
        option::choice<&Options::act_on>(
            "act_on", act_on_names,
            "Scores that count: those of grid closes, for which the published rates of false "
            "alarms hold, or every emission.")
            .otherwise("close"),
        option::choice<&Options::score>("score", score_names, "Score that is watched.")
            .otherwise("risk"),
        option::number<&Options::info>("info", "INFO from this risk (profile scaled).")
            .otherwise("50")
            .at_least(0)
            .at_most(100),
        option::number<&Options::warning>("warning", "WARNING from this risk (scaled).")
            .otherwise("60")
            .at_least(0)
            .at_most(100),
        option::number<&Options::critical>("critical", "CRITICAL from this risk (scaled).")
            .otherwise("70")
            .at_least(0)
            .at_most(100),
        option::duration<&Options::leave_after>(
            "leave_after", "Time below its threshold until a severity is left (scaled).")
            .otherwise("30m")
            .at_least(0),
        option::number<&Options::elevated>("elevated", "Fragility from which a market is ELEVATED.")
            .otherwise("60")
            .at_least(0)
            .at_most(100),
        option::number<&Options::info_risk>("info_risk",
                                            "INFO above this risk (classic, monotone).")
            .otherwise("30")
            .at_least(0)
            .at_most(100),
        option::number<&Options::warning_risk>("warning_risk",
                                               "WARNING above this risk (classic, monotone).")
            .otherwise("50")
            .at_least(0)
            .at_most(100),
        option::number<&Options::critical_risk>("critical_risk",
                                                "CRITICAL above this risk (classic, monotone).")
            .otherwise("70")
            .at_least(0)
            .at_most(100),
        option::number<&Options::warning_pressure>(
            "warning_pressure", "WARNING needs a pressure below this; scaled: marks `aligned`.")
            .otherwise("0")
            .at_least(-100)
            .at_most(100),
        option::number<&Options::critical_pressure>(
            "critical_pressure", "CRITICAL needs a pressure below this; scaled: marks `aligned`.")
            .otherwise("-30")
            .at_least(-100)
            .at_most(100),
        option::number<&Options::info_leave>("info_leave",
                                             "INFO is left below this risk (classic, monotone).")
            .otherwise("25")
            .at_least(0)
            .at_most(100),
        option::number<&Options::warning_leave>(
            "warning_leave", "WARNING is left below this risk (classic, monotone).")
            .otherwise("45")
            .at_least(0)
            .at_most(100),
        option::number<&Options::critical_leave>(
            "critical_leave", "CRITICAL is left below this risk (classic, monotone).")
            .otherwise("65")
            .at_least(0)
            .at_most(100),
        option::number<&Options::critical_leave_pressure>(
            "critical_leave_pressure", "CRITICAL is left above this pressure (classic, monotone).")
            .otherwise("-20")
            .at_least(-100)
            .at_most(100),
        option::choice<&Options::pressure>(
            "pressure", pressure_names,
            "Whether WARNING and CRITICAL of classic and monotone need "
            "a known pressure.")
            .otherwise("required"),
        option::duration<&Options::valid_for>(
            "valid_for", "How long a score may be taken for the present: three of its heartbeats.")
            .otherwise("3m")
            .at_least(1e9),
        option::duration<&Options::min_dwell>("min_dwell",
                                              "Least time in a severity before it can sink.")
            .otherwise("60s")
            .at_least(0),
        option::duration<&Options::repeat_after>(
            "repeat_after", "WARNING and CRITICAL are repeated after this time.")
            .otherwise("15m")
            .at_least(1e9),
        option::integer<&Options::group_after>(
            "group_after", "Markets that go out by themselves within `group_within`.")
            .otherwise("5")
            .at_least(1)
            .at_most(1e6),
        option::duration<&Options::group_within>(
            "group_within", "Time in which more markets make one market-wide alert.")
            .otherwise("60s")
            .at_least(1e9),
        option::duration<&Options::data_grace>(
            "data_grace", "A feed is degraded for this long before it is an alert.")
            .otherwise("60s")
            .at_least(0),
        option::duration<&Options::data_quiet>(
            "data_quiet", "Time without further loss until an alert about lost records ends.")
            .otherwise("15m")
            .at_least(1e9));
    Options options{};

    Status check();
    Status begin(const NodeSetup& setup);
    Status on(Watches& state, const Event& event, Context& context);
    void on_timer(Watches& state, TimerId timer, Time due, Context& context);

private:
    static constexpr TimerId next_timer = 0;

    void take_score(Watches& state, const Event& event, Context& context);
    void take_risk(Watches& state, const Event& event, Context& context);
    void take_pressure(Watches& state, const Event& event, Context& context);
    void take_status(Watches& state, const Event& event, Context& context);

    [[nodiscard]] std::uint32_t watch_of(Watches& state, MarketId market, Direction direction);
    [[nodiscard]] static std::uint32_t feed_of(Watches& state, VenueId venue,
                                               std::string_view kind);
    void read(Watches& state, std::uint32_t index, const Reading& reading, Context& context);
    void fire(Watches& state, Time now, Context& context);
    void rebuild(Watches& state);
    void set_timer(Watches& state, Context& context) const;

    void send(Watches& state, const Watch& watch, Context& context);
    void send(const Watch& watch, const Notification& step, Context& context) const;
    void send(const GroupNotification& group, Context& context) const;
    void send(const Feed& feed, Context& context) const;

    Rules rules_;
    GroupOptions group_;
    DataHealthOptions data_;
    AlertType type_ = AlertType::liquidation_risk;
    NameId score_ = NameId::none, pressure_ = NameId::none, fragility_ = NameId::none;
    bool rebuilt_ = false;                                          ///< the derived timers stand
    std::unordered_map<std::uint64_t, std::uint32_t> watch_index_;  ///< by handles: this process
    std::vector<Notification> steps_;  ///< of one call; kept for their memory
    std::vector<GroupNotification> groups_;
};

}  // namespace spillway::alerts
