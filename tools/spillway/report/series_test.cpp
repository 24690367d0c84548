#include "report/series.hpp"

#include <gtest/gtest.h>

namespace spillway::report {
namespace {

TEST(MinuteSeries, KeepsTheLastValueOfEachMinuteAtItsEnd) {
    MinuteSeries series{100};
    series.add(10 * second, 1.0);
    series.add(minute, 2.0);  // the close of the first minute belongs to it
    series.add(minute + 1, 3.0);
    const std::vector<Sample> expected{{minute, 2.0}, {2 * minute, 3.0}};
    EXPECT_EQ(std::vector<Sample>(series.samples().begin(), series.samples().end()), expected);
}

TEST(MinuteSeries, ALateRecordFillsAnEmptyMinuteOnly) {
    MinuteSeries series{100};
    series.add(minute, 1.0);
    series.add(3 * minute, 3.0);
    series.add(2 * minute, 2.0);
    series.add(30 * second, 9.0);
    series.add(3 * minute - 1, 9.0);
    const std::vector<Sample> expected{{minute, 1.0}, {2 * minute, 2.0}, {3 * minute, 3.0}};
    EXPECT_EQ(std::vector<Sample>(series.samples().begin(), series.samples().end()), expected);
}

TEST(MinuteSeries, IsBoundedAndSaysThatItForgot) {
    MinuteSeries series{16};
    for (Time m = 1; m <= 1000; ++m) {
        series.add(m * minute, static_cast<double>(m));
        ASSERT_LE(series.samples().size(), 16u);
    }
    EXPECT_TRUE(series.trimmed());
    EXPECT_EQ(series.samples().back().value, 1000.0);
}

TEST(MinuteSums, AddUpPerMinuteAndSideInAnyOrder) {
    MinuteSums sums{16};
    sums.add(90 * second, Side::longs, 5.0);
    sums.add(30 * second, Side::shorts, 1.0);
    sums.add(100 * second, Side::longs, 2.0);
    ASSERT_EQ(sums.samples().size(), 2u);
    EXPECT_EQ(sums.samples()[0].shorts, 1.0);
    EXPECT_EQ(sums.samples()[1].longs, 7.0);
    for (Time m = 3; m <= 500; ++m) {
        sums.add(m * minute, Side::longs, 1.0);
    }
    EXPECT_LE(sums.samples().size(), 16u);
    sums.add(minute, Side::longs, 1.0);  // too old to matter
    EXPECT_GT(sums.samples()[0].time, minute);
}

TEST(ValueAt, IsTheNewestSampleThatIsNotTooOld) {
    const std::vector<Sample> samples{{10, 1.0}, {20, 2.0}};
    EXPECT_FALSE(value_at(samples, 9, 100));
    EXPECT_EQ(value_at(samples, 19, 100), 1.0);
    EXPECT_EQ(value_at(samples, 20, 100), 2.0);
    EXPECT_EQ(value_at(samples, 120, 100), 2.0);
    EXPECT_FALSE(value_at(samples, 121, 100));
}

}  // namespace
}  // namespace spillway::report
