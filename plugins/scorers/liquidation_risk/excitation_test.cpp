#include "excitation.hpp"

#include <gtest/gtest.h>

namespace spillway::liquidation_risk {
namespace {

constexpr Kernel kernel{.02, .4, .5};

TEST(Intensity, EveryEventMakesTheNextMoreLikely) {
    const double times[] = {0, 1, 1.5, 4};
    const double before[] = {.02, .262612264, .520466934, .277988096};
    Intensity intensity;
    LogLikelihood likelihood(kernel);
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_NEAR(intensity.rate_at(kernel, times[i]), before[i], 5e-10);
        intensity.add(kernel, times[i], 1);
        likelihood.add(times[i], 1);
    }
    EXPECT_NEAR(intensity.excitement_at(kernel, 5), .997724885, 5e-10);
    EXPECT_NEAR(intensity.rate_at(kernel, 5), .419089954, 5e-10);
    EXPECT_NEAR(likelihood.until(5), -9.684125620, 5e-10);
    EXPECT_NEAR(expected_events(kernel, intensity.rate_at(kernel, 5), 10), 3.017033, 5e-7);
}

TEST(Branching, ExpectedEventsAreContinuousAtCriticality) {
    const Kernel critical{.02, .5, .5};
    const Kernel near{.02, .5 - 1e-8, .5};
    EXPECT_NEAR(expected_events(critical, .3, 10), expected_events(near, .3, 10), 1e-5);
}

TEST(Branching, RatioAndStationaryRate) {
    EXPECT_DOUBLE_EQ(branching_ratio(kernel), .8);
    EXPECT_NEAR(stationary_rate(kernel), .1, 1e-15);
    EXPECT_DOUBLE_EQ(branching_ratio(kernel, 10), .999);
    EXPECT_DOUBLE_EQ(branching_from_counts(4, 100), .8);
    EXPECT_DOUBLE_EQ(branching_from_counts(4, 1), 0);
}

TEST(Branching, ClusterSizeIsBorel) {
    EXPECT_NEAR(cluster_tail(.8, 10), .122602, 5e-7);
    EXPECT_DOUBLE_EQ(cluster_tail(.8, 1), 1);
}

TEST(SelfExcitation, CalmIsZeroAndABurstSaturates) {
    SelfExcitation side;
    EXPECT_EQ(side.level(kernel, 0), 0);
    Time now = 1'767'225'600 * second;
    for (int i = 0; i < 300; ++i) side.add(kernel, now += minute, 50'000);
    EXPECT_LT(side.level(kernel, now + 10 * minute), 1e-12);
    for (int i = 0; i < 200; ++i) side.add(kernel, now += 10 * millisecond, 200'000);
    EXPECT_GT(side.level(kernel, now), 0.5);
    EXPECT_LE(side.level(kernel, now), 1.0);
}

}  // namespace
}  // namespace spillway::liquidation_risk
