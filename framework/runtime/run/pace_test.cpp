#include "runtime/run/pace.hpp"

#include <gtest/gtest.h>

namespace spillway::runtime {
namespace {

constexpr Time noon = 1'790'000'000 * second;

TEST(Pace, StartsAtTheFirstTimeAskedAbout) {
    Pace pace(1e-3);
    EXPECT_TRUE(pace.paced());
    EXPECT_TRUE(pace.due(noon));
    EXPECT_FALSE(pace.due(noon + hour));
    EXPECT_EQ(pace.wall_of(noon + second) - pace.wall_of(noon), 1000 * second);
    EXPECT_FALSE(Pace(0).paced());
}

TEST(Pace, SpeedsBeyondWhatATimeCanHoldSaturate) {
    Pace fast(1e300);
    EXPECT_TRUE(fast.due(noon));
    EXPECT_GE(fast.now(), noon);
    EXPECT_TRUE(fast.due(latest_event_time));

    Pace slow(1e-300);
    EXPECT_TRUE(slow.due(noon));
    EXPECT_EQ(slow.wall_of(noon + second), time_never);
    EXPECT_FALSE(slow.due(noon + second));
}

}  // namespace
}  // namespace spillway::runtime
