#include "message.hpp"

#include <array>
#include <vector>

#include <gtest/gtest.h>

namespace spillway::alerts {
namespace {

const AlertKey bitcoin_down{AlertType::liquidation_risk, "BTC", Direction::down};

Notification step(Change change, Severity severity, Duration age = 0) {
    Notification step;
    step.change = change;
    step.severity = severity;
    step.started = 1'770'000'000 * second;
    step.at = step.started + age;
    return step;
}

TEST(Message, IsOneSentenceWithTheContributions) {
    const std::array<Component, 5> components = {{{"funding", 0, false},
                                                  {"open interest", 30, false},
                                                  {"long/short", 0, true},
                                                  {"liquidations", 20, false},
                                                  {"ignition", 86.369, false}}};
    MessageFacts context;
    context.risk = 86.369;
    context.pressure = -35.21;
    context.fragility = 64;
    context.elevated = true;
    context.components = components;
    Notification notification = step(Change::opened, Severity::critical);
    notification.aligned = true;
    EXPECT_EQ(message(bitcoin_down, notification, context),
              "CRITICAL BTC down: liquidation risk 86.4 (ignition 86.4, open interest 30.0, "
              "liquidations 20.0), fragility 64.0 (elevated), pressure -35.2 (aligned), missing: "
              "long/short.");
}

TEST(Message, TellsWhatHappenedToTheEpisode) {
    MessageFacts context;
    context.risk = 40;
    EXPECT_EQ(message(bitcoin_down, step(Change::resolved, Severity::none, 45 * minute), context),
              "Resolved BTC down: liquidation risk 40.0, over after 45 min.");
    EXPECT_EQ(message(bitcoin_down, step(Change::repeated, Severity::warning, 3 * hour), context),
              "Still WARNING BTC down: liquidation risk 40.0, firing for 3 h.");
    EXPECT_EQ(
        message(bitcoin_down, step(Change::de_escalated, Severity::info, 90 * second), context),
        "Down to INFO BTC down: liquidation risk 40.0, firing for 90 s.");
}

TEST(Message, SaysWhatIsNotKnown) {
    MessageFacts context;
    context.pressure_missing = true;
    EXPECT_EQ(
        message(bitcoin_down, step(Change::repeated, Severity::warning, 15 * minute), context),
        "Still WARNING BTC down: liquidation risk unknown, missing: pressure, firing for "
        "15 min.");
}

TEST(Message, NamesTheMarketsOfAMarketWideAlert) {
    const std::vector<std::string> markets = {"ADA", "AVAX"};
    EXPECT_EQ(group_message(step(Change::opened, Severity::warning), Direction::down, markets),
              "WARNING market-wide down: 2 more markets are firing (ADA, AVAX).");
    EXPECT_EQ(group_message(step(Change::resolved, Severity::none, hour), Direction::none, {}),
              "Resolved market-wide: no further market is firing, over after 60 min.");
    const std::vector<std::string> many(30, "X");
    EXPECT_NE(group_message(step(Change::opened, Severity::warning), Direction::up, many)
                  .find("X, ...)."),
              std::string::npos);
}

TEST(Message, NamesTheFeedOfADataAlert) {
    const AlertKey key{AlertType::data, "okx", Direction::none};
    EXPECT_EQ(data_message(key, step(Change::opened, Severity::warning), "connection refused"),
              "WARNING data from okx is degraded: connection refused.");
    EXPECT_EQ(data_message(key, step(Change::resolved, Severity::none, 10 * minute), ""),
              "Resolved data from okx is whole again, over after 10 min.");
}

}  // namespace
}  // namespace spillway::alerts
