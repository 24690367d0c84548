#include "stats.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "cpu_clock.hpp"
#include "peak_rss.hpp"

namespace spillway::bench {
namespace {

TEST(Stats, QuantilesAreInterpolated) {
    const std::vector<double> samples{4, 1, 3, 2};
    EXPECT_DOUBLE_EQ(quantile(samples, 0), 1);
    EXPECT_DOUBLE_EQ(quantile(samples, 1), 4);
    EXPECT_DOUBLE_EQ(quantile(samples, 0.25), 1.75);
    EXPECT_DOUBLE_EQ(median(samples), 2.5);
    EXPECT_DOUBLE_EQ(median(std::vector<double>{9}), 9);
    EXPECT_TRUE(std::isnan(median({})));
}

TEST(Stats, RatioComparesNeighbouringRuns) {
    // The machine slows down by half in the middle; the ratio does not.
    const Comparison comparison{.subject = {2, 2, 4, 4}, .yardstick = {1, 1, 2, 2}};
    EXPECT_DOUBLE_EQ(comparison.speed_ratio(), 0.5);
}

TEST(Stats, InterleavedRunsTakeTurnsAfterAWarmUp) {
    std::string order;
    const auto comparison = interleave(
        3,
        [&] {
            order += 's';
            return 2.0;
        },
        [&] {
            order += 'y';
            return 1.0;
        });
    EXPECT_EQ(order,
              "sy"
              "sy"
              "ys"
              "sy");
    EXPECT_EQ(comparison.subject.size(), 3U);
    EXPECT_EQ(comparison.yardstick.size(), 3U);
}

TEST(CpuStopwatch, NeverRunsBackwards) {
    const CpuStopwatch stopwatch;
    const double first = stopwatch.seconds();
    EXPECT_GE(first, 0.0);
    EXPECT_GE(stopwatch.seconds(), first);
}

TEST(PeakRss, GrowsWithTouchedMemory) {
    const auto before = peak_rss_bytes();
    if (!before) GTEST_SKIP() << "no /proc/self/status here";
    constexpr std::size_t size = std::size_t{32} << 20;
    const std::vector<char> touched(size, 'x');
    EXPECT_GE(*peak_rss_bytes(), touched.size());
    EXPECT_GE(*peak_rss_bytes(), *before);
}

}  // namespace
}  // namespace spillway::bench
