#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "notification.hpp"
#include "severity.hpp"

namespace spillway::alerts {

/// One component of the score behind an alert.
struct Component {
    std::string_view name;
    double points = 0;
    bool missing = false;
    bool partial = false;  ///< some of its sources are silent
};

/// What a message tells besides the notification itself.
struct MessageFacts {
    std::string_view score = "liquidation risk";  ///< in words
    std::optional<double> risk;
    std::optional<double> pressure;
    std::optional<double> fragility;
    bool elevated = false;
    bool pressure_missing = false;  ///< the rule wanted it, and did without
    std::span<const Component> components;
};

/// One sentence, ending with a full stop; numbers have one decimal and never depend on a locale.
/// Components come largest first, those without points are left out, missing ones are named:
///     CRITICAL BTC down: liquidation risk 86.4 (ignition 86.4, open interest 30.0), fragility
///     21.1, pressure -35.2 (aligned), missing: long/short.
[[nodiscard]] std::string message(const AlertKey& key, const Notification& notification,
                                  const MessageFacts& facts);

/// The market-wide alert:
///     WARNING market-wide down: 7 more markets are firing (ADA, AVAX, ...).
[[nodiscard]] std::string group_message(const Notification& notification, Direction direction,
                                        std::span<const std::string> markets);

/// A data alert; `reason` is the feed's own, may be empty:
///     Still WARNING data from okx is degraded: connection refused, firing for 15 min.
[[nodiscard]] std::string data_message(const AlertKey& key, const Notification& notification,
                                       std::string_view reason);

}  // namespace spillway::alerts
