#include "runtime/ingress/live_clock.hpp"

#include <gtest/gtest.h>

namespace spillway::runtime {
namespace {

constexpr Time noon = 1'790'000'000 * second;

TEST(LiveClock, TellsWallTime) {
    LiveClock clock;
    EXPECT_EQ(clock.at(noon, 5), noon);
    EXPECT_EQ(clock.at(noon + second, second), noon + second);
    // Set forward.
    EXPECT_EQ(clock.at(noon + hour, second), noon + hour);
}

TEST(LiveClock, GoesOnWhileTheWallClockWasSetBackAndIsCaughtUpWith) {
    LiveClock clock;
    EXPECT_EQ(clock.at(noon, 0), noon);
    const Time set_back = noon - 10 * second;
    Time before = noon;
    std::int64_t steady = 0;
    for (; steady < 30 * second; steady += second) {
        const Time now = clock.at(set_back + steady, steady);
        EXPECT_GE(now, before);
        if (steady > 0 && steady <= 20 * second) {
            EXPECT_EQ(now, noon + steady / 2);
        }
        before = now;
    }
    EXPECT_EQ(clock.at(set_back + steady, steady), set_back + steady);
}

}  // namespace
}  // namespace spillway::runtime
