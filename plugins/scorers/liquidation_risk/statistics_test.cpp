#include <cmath>
#include <map>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "daily_rms.hpp"
#include "decayed.hpp"
#include "ew.hpp"
#include "grid.hpp"
#include "linked_series.hpp"
#include "ring.hpp"
#include "robust.hpp"
#include "sketch.hpp"

namespace spillway::liquidation_risk {
namespace {

TEST(EwMean, IsUnbiasedFromTheFirstValueOn) {
    const double gain = half_life_gain(1, 15);
    EXPECT_NEAR(gain, .045158396, 5e-10);
    EwMean mean;
    EXPECT_FALSE(mean.value().has_value());
    const double inputs[] = {1e-6, 4e-6, 0, 2.5e-5};
    const double values[] = {1e-6, 2.534651e-6, 1.650439e-6, 7.898457e-6};
    for (std::size_t i = 0; i < 4; ++i) {
        mean.add(inputs[i], gain);
        EXPECT_NEAR(*mean.value(), values[i], 5e-13);
    }
}

TEST(EwMoments, FollowMeanAndVariance) {
    EwMoments moments;
    const double inputs[] = {1, 2, 3, 10};
    const double means[] = {.1, .29, .561, 1.5049};
    const double variances[] = {.09, .4059, 1.026279, 8.942176};
    for (std::size_t i = 0; i < 4; ++i) {
        moments.add(inputs[i], 0.1);
        EXPECT_NEAR(moments.mean, means[i], 1e-12);
        EXPECT_NEAR(moments.variance, variances[i], 5e-7);
    }
}

TEST(Robust, OneWildValueDoesNotHideItself) {
    EXPECT_NEAR(robust_z(.0004, {.0001, .00012, .00008, .0001, .0004}), 10.117361, 5e-7);
    EXPECT_NEAR(robust_z(2, {1, 1, 1, 1}), 1 / (1.4826e-9), 1);
}

TEST(DecayedNotional, HalvesEveryHalfLife) {
    DecayedNotional decayed;
    decayed.add(Side::long_position, 1e6, 0, minute);
    decayed.add(Side::long_position, 2e6, 30 * second, minute);
    decayed.add(Side::long_position, 5e6, 90 * second, minute);
    EXPECT_NEAR(decayed.at(90 * second, minute).longs, 6'353'553.39, 5e-3);
    EXPECT_EQ(decayed.at(90 * second, minute).shorts, 0);
}

TEST(DecayedNotional, LateOrderCountsAsIfItHadComeInTime) {
    DecayedNotional late;
    late.add(Side::short_position, 5e6, 90 * second, minute);
    late.add(Side::short_position, 2e6, 30 * second, minute);
    late.add(Side::short_position, 1e6, 0, minute);
    EXPECT_NEAR(late.at(90 * second, minute).shorts, 6'353'553.39, 5e-3);
}

TEST(Sketch, BinsGrowByTwoPercent) {
    EXPECT_EQ(Sketch::bin(1.5e-7, 1e-7), 21);
    EXPECT_EQ(Sketch::bin(-.0031, 1e-7), -523);
    EXPECT_EQ(Sketch::bin(.0123, 1e-7), 592);
    EXPECT_EQ(Sketch::bin(250000.5, 1), 628);
    EXPECT_EQ(Sketch::bin(-37.25, 1), -183);
    EXPECT_EQ(Sketch::bin(0.99, 1), 0);
    EXPECT_EQ(Sketch::bin(1e300, 1e-9), 1200);
}

TEST(Sketch, ValueIsRankedBeforeItIsInserted) {
    Sketch sketch(1e-7);
    sketch.rotate(0);
    const double values[] = {.01, .02, .03, .02, -.01, .05, 0, .02};
    const std::optional<double> ranks[] = {std::nullopt, std::nullopt, std::nullopt, .5,
                                           0.,           1.,           .166667,      .571429};
    for (std::size_t i = 0; i < 8; ++i) {
        const auto rank = sketch.rank(values[i], 3);
        ASSERT_EQ(rank.has_value(), ranks[i].has_value()) << i;
        if (rank) {
            EXPECT_NEAR(*rank, *ranks[i], 5e-7);
        }
        sketch.insert(values[i]);
    }
}

TEST(Sketch, ForgetsCalendarDaysBeyondThirty) {
    std::mt19937_64 random(3);
    std::normal_distribution<double> normal(0, 0.01);
    Sketch sketch(1e-7);
    std::map<int, std::vector<double>> by_day;
    for (int day = 100; day < 180; ++day) {
        if (day == 131 || day == 150) continue;  // a day without data is still a day
        sketch.rotate(day);
        for (int i = 0; i < 40; ++i) {
            const double x = normal(random);
            double below = 0, inside = 0, all = 0;
            for (const auto& [d, values] : by_day) {
                if (d < day - 30) continue;
                for (const double v : values) {
                    below += Sketch::bin(v, 1e-7) < Sketch::bin(x, 1e-7);
                    inside += Sketch::bin(v, 1e-7) == Sketch::bin(x, 1e-7);
                    ++all;
                }
            }
            const auto rank = sketch.rank(x, 1);
            ASSERT_EQ(rank.has_value(), all > 0);
            if (rank) {
                ASSERT_DOUBLE_EQ(*rank, (below + inside / 2) / all);
            }
            sketch.insert(x);
            by_day[day].push_back(x);
        }
    }
    EXPECT_LE(sketch.days().size(), 31u);
}

TEST(Sketch, MedianIsWithinABin) {
    Sketch sketch(1);
    sketch.rotate(0);
    EXPECT_FALSE(sketch.median().has_value());
    for (int i = 1; i <= 1001; ++i) sketch.insert(1000.0 * i);
    EXPECT_NEAR(*sketch.median() / 501'000, 1, 0.02);
    for (int i = 0; i < 3000; ++i) sketch.insert(-50);
    EXPECT_NEAR(*sketch.median() / -50, 1, 0.02);
}

TEST(DailyRms, ForgetsWholeDays) {
    DailyRms rms;
    rms.rotate(10);
    rms.add(3);
    rms.add(4);
    EXPECT_FALSE(rms.value(3).has_value());
    EXPECT_DOUBLE_EQ(*rms.value(2), std::sqrt(12.5));
    rms.rotate(40);
    rms.add(1);
    EXPECT_DOUBLE_EQ(*rms.value(1), std::sqrt(26.0 / 3));
    rms.rotate(41);
    EXPECT_DOUBLE_EQ(*rms.value(1), 1);
}

TEST(Queue, KeepsOrderWhileItGrows) {
    Queue<int> queue;
    int next = 0, oldest = 0;
    std::mt19937 random(1);
    for (int i = 0; i < 10000; ++i) {
        if (random() % 3 != 0 || queue.empty()) {
            queue.push_back(next++);
        } else {
            ASSERT_EQ(queue.front(), oldest++);
            queue.pop_front();
        }
        ASSERT_EQ(static_cast<int>(queue.size()), next - oldest);
        if (!queue.empty()) {
            ASSERT_EQ(queue.back(), next - 1);
        }
    }
}

TEST(CloseRing, RemembersWhichClosesWereEmpty) {
    CloseRing ring(3);
    EXPECT_FALSE(ring.ago(0).has_value());
    ring.push(1.0);
    ring.push(std::nullopt);
    ring.push(3.0);
    EXPECT_EQ(ring.ago(0), 3.0);
    EXPECT_FALSE(ring.ago(1).has_value());
    EXPECT_EQ(ring.ago(2), 1.0);
    ring.push(4.0);
    EXPECT_FALSE(ring.ago(2).has_value());
    EXPECT_FALSE(ring.ago(3).has_value());
}

TEST(LinkedSeries, DifferenceBetweenTwoStreamsIsNoChange) {
    LinkedSeries series(5);
    const double closes[][2] = {{1.0, 9.0}, {1.1, 9.1}, {1.2, 9.3}, {1.3, 9.6}};
    const std::uint32_t chosen[] = {0, 0, 1, 1};
    for (std::size_t i = 0; i < 4; ++i) {
        series.push(series.next(chosen[i], closes[i]), chosen[i], closes[i]);
    }
    const double now[] = {1.9, 9.7};
    const auto next = series.next(1, now);
    EXPECT_NEAR(*next.level - *series.before(next, 1), 0.1, 1e-12);
    EXPECT_NEAR(*next.level - *series.before(next, 4), 0.7, 1e-12);
}

TEST(LinkedSeries, StreamThatWasNeverSeenBesideTheOldOneStartsAnew) {
    LinkedSeries series(5);
    const double first[] = {1.0};
    series.push(series.next(0, first), 0, first);
    const double now[] = {std::nan(""), 9.0};
    const auto next = series.next(1, now);
    EXPECT_TRUE(next.level.has_value());
    EXPECT_FALSE(series.before(next, 1).has_value());
}

TEST(Grid, MinutesBecomeWholeSteps) {
    EXPECT_EQ(Grid{minute}.closes(15), 15u);
    EXPECT_EQ(Grid{5 * minute}.closes(1440), 288u);
    EXPECT_EQ(Grid{10 * minute}.closes(15), 2u);
    EXPECT_EQ(Grid{4 * hour}.closes(15), 1u);
    EXPECT_EQ(Grid::of_stream(0).step, minute);
    EXPECT_EQ(Grid::of_stream(10 * second).step, minute);
    EXPECT_EQ(Grid::of_stream(5 * minute).step, 5 * minute);
    EXPECT_EQ(Grid{minute}.first_close(3 * minute), 3 * minute);
    EXPECT_EQ(Grid{minute}.first_close(3 * minute + 1), 4 * minute);
}

TEST(CloseClock, LastPriceIsRepeatedForAnHour) {
    CloseClock clock;
    clock.start({minute}, 0);
    EXPECT_FALSE(clock.is_due(0));
    Time now = 1;
    int closes = 0;
    while (clock.is_due(now) && !clock.hole(0)) {
        clock.closed();
        ++closes;
        now = clock.next_close() + 1;
    }
    EXPECT_EQ(closes, 61);  // at 0, then sixty repeats
    EXPECT_TRUE(clock.hole(0));
}

}  // namespace
}  // namespace spillway::liquidation_risk
