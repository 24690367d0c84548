#include "data_health.hpp"

#include <gtest/gtest.h>

namespace spillway::alerts {
namespace {

constexpr Time t0 = 1'770'000'000 * second;

class DegradedData : public testing::Test {
protected:
    void feed(Time at, FeedState state) {
        wait_until(at);
        health.observe(state, t0 + at, options, out);
    }
    void wait_until(Time at) { health.advance(t0 + at, options, out); }
    std::vector<Change> changes() const {
        std::vector<Change> changes;
        for (const Notification& step : out) changes.push_back(step.change);
        return changes;
    }

    DataHealthOptions options;
    DataHealth health{{AlertType::data, "okx", Direction::none}};
    std::vector<Notification> out;
};

TEST_F(DegradedData, AQuickReconnectWakesNobody) {
    feed(0, FeedState::disconnected);
    feed(59 * second, FeedState::connected);
    wait_until(hour);
    EXPECT_TRUE(out.empty());
    EXPECT_EQ(health.next_due(options), time_never);
}

TEST_F(DegradedData, IsAnAlertOfItsOwn) {
    feed(0, FeedState::disconnected);
    feed(30 * second, FeedState::stale);
    EXPECT_EQ(health.next_due(options), t0 + minute);
    wait_until(20 * minute);
    feed(21 * minute, FeedState::resumed);
    ASSERT_EQ(changes(), (std::vector{Change::opened, Change::repeated, Change::resolved}));
    EXPECT_EQ(out[0].at, t0 + minute);
    EXPECT_EQ(out[0].severity, Severity::warning);
    EXPECT_EQ(out[1].at, t0 + 16 * minute);
    EXPECT_EQ(out[2].severity, Severity::none);
    EXPECT_EQ(out[2].episode, out[0].episode);
    EXPECT_EQ(out[0].episode, alert_episode_id(health.key(), t0 + minute));
}

TEST_F(DegradedData, LostRecordsAlertAtOnceUntilNoMoreAreLost) {
    feed(0, FeedState::dropped);
    EXPECT_TRUE(health.firing());
    feed(10 * minute, FeedState::dropped);
    feed(11 * minute, FeedState::connected);
    EXPECT_TRUE(health.firing()) << "a connection does not bring lost records back";
    wait_until(25 * minute);
    EXPECT_FALSE(health.firing());
    EXPECT_EQ(out.back().at, t0 + 25 * minute);
}

TEST_F(DegradedData, LossDuringAnOutageEndsWithTheLongerOne) {
    feed(0, FeedState::gap);
    feed(second, FeedState::dropped);
    wait_until(hour);
    EXPECT_TRUE(health.firing()) << "the gap is still open";
    feed(hour, FeedState::resumed);
    EXPECT_FALSE(health.firing());
}

}  // namespace
}  // namespace spillway::alerts
