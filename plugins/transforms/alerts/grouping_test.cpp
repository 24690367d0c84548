#include "grouping.hpp"

#include <map>
#include <random>

#include <gtest/gtest.h>

namespace spillway::alerts {
namespace {

constexpr Time t0 = 1'770'000'000 * second;

class MarketWide : public testing::Test {
protected:
    Route step(Time at, const std::string& market, Change change, Severity severity,
               Direction direction = Direction::down) {
        grouping.advance(t0 + at, options, out);
        const AlertKey key{AlertType::liquidation_risk, market, direction};
        Notification notification;
        notification.at = t0 + at;
        notification.change = change;
        notification.severity = severity;
        notification.episode = alert_episode_id(key, t0);
        return grouping.route(key, notification, options, out);
    }
    Route open(Time at, const std::string& market, Severity severity = Severity::warning) {
        return step(at, market, Change::opened, severity);
    }

    GroupOptions options;
    Grouping grouping;
    std::vector<GroupNotification> out;
};

TEST_F(MarketWide, FiveGoAloneAndLaterOnesJoin) {
    for (const char* market : {"A", "B", "C", "D", "E"}) {
        EXPECT_EQ(open(second, market), Route::alone);
    }
    EXPECT_TRUE(out.empty());
    EXPECT_EQ(open(2 * second, "F"), Route::grouped);
    EXPECT_EQ(open(3 * second, "G"), Route::grouped);
    ASSERT_EQ(out.size(), 1U) << "the market-wide alert goes out at once";
    EXPECT_EQ(out[0].step.change, Change::opened);
    EXPECT_EQ(out[0].markets, std::vector<std::string>{"F"});
    EXPECT_EQ(out[0].direction, Direction::down);
    EXPECT_EQ(grouping.next_due(options), t0 + 62 * second);
    grouping.advance(t0 + 62 * second, options, out);
    ASSERT_EQ(out.size(), 2U);
    EXPECT_EQ(out[1].step.change, Change::joined);
    EXPECT_EQ(out[1].markets, (std::vector<std::string>{"F", "G"}));
    EXPECT_EQ(out[1].step.episode, out[0].step.episode);
}

TEST_F(MarketWide, OnsetsSixtySecondsApartAreNotACrowd) {
    for (int i = 0; i < 50; ++i) {
        EXPECT_EQ(open(i * 12 * second, "M" + std::to_string(i)), Route::alone)
            << "the sixth falls out of the window as it is 60 s old";
    }
}

TEST_F(MarketWide, CountsMarketsNotAlerts) {
    for (int i = 0; i < 8; ++i) {
        const std::string market(1, static_cast<char>('A' + i % 4));
        EXPECT_EQ(step(i * second, market, Change::opened, Severity::info,
                       i < 4 ? Direction::down : Direction::up),
                  Route::alone);
    }
}

TEST_F(MarketWide, AnEpisodeStaysOnTheWayItBegan) {
    for (const char* market : {"A", "B", "C", "D", "E", "F"}) open(0, market, Severity::info);
    EXPECT_EQ(step(second, "A", Change::escalated, Severity::critical), Route::alone);
    EXPECT_EQ(out.size(), 1U);
    EXPECT_EQ(step(2 * second, "F", Change::escalated, Severity::critical), Route::grouped);
    ASSERT_EQ(out.size(), 2U);
    EXPECT_EQ(out[1].step.change, Change::escalated);
    EXPECT_EQ(out[1].step.severity, Severity::critical);
    EXPECT_EQ(step(hour, "F", Change::resolved, Severity::none), Route::grouped);
    EXPECT_EQ(out.back().step.change, Change::resolved);
    EXPECT_TRUE(out.back().markets.empty());
    EXPECT_FALSE(grouping.firing());
    EXPECT_EQ(step(hour, "A", Change::resolved, Severity::none), Route::alone);
}

TEST_F(MarketWide, HasTheHighestSeverityOfItsMembers) {
    for (const char* market : {"A", "B", "C", "D", "E"}) open(0, market);
    open(0, "F", Severity::info);
    open(0, "G", Severity::critical);
    ASSERT_EQ(out.size(), 2U);
    EXPECT_EQ(out[1].step.severity, Severity::critical);
    step(minute, "G", Change::resolved, Severity::none);
    EXPECT_EQ(out.back().step.change, Change::de_escalated);
    EXPECT_EQ(out.back().step.severity, Severity::info);
    EXPECT_EQ(out.back().markets, std::vector<std::string>{"F"});
}

TEST_F(MarketWide, RepeatsForAllItsMembersAtOnce) {
    for (int i = 0; i < 105; ++i) open(0, "M" + std::to_string(i));
    grouping.advance(t0 + 31 * minute, options, out);
    std::map<Change, int> count;
    for (const GroupNotification& group : out) ++count[group.step.change];
    EXPECT_EQ(count[Change::opened], 1);
    EXPECT_EQ(count[Change::joined], 1);
    EXPECT_EQ(count[Change::repeated], 2);
    EXPECT_EQ(out.back().markets.size(), 100U);
}

TEST_F(MarketWide, MixedDirectionsHaveNone) {
    for (const char* market : {"A", "B", "C", "D", "E", "F"}) open(0, market, Severity::info);
    step(second, "G", Change::opened, Severity::warning, Direction::up);
    EXPECT_EQ(out.back().direction, Direction::none);
}

TEST_F(MarketWide, NeverMoreThanNAloneInAnyMinute) {
    std::mt19937 random(5);
    std::deque<Time> alone;
    for (int i = 0; i < 5000; ++i) {
        const Time at = i * second * 2;
        const std::string market = "M" + std::to_string(i);
        if (random() % 3 == 0) continue;
        const bool by_itself = open(at, market) == Route::alone;
        while (!alone.empty() && alone.front() <= at - minute) alone.pop_front();
        if (by_itself) alone.push_back(at);
        EXPECT_LE(alone.size(), options.alone);
    }
}

}  // namespace
}  // namespace spillway::alerts
