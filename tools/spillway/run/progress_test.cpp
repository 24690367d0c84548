#include "run/progress.hpp"

#include <gtest/gtest.h>

namespace spillway::cli {
namespace {

ProgressView half_way() {
    ProgressView view;
    view.progress = 0.5;
    view.engine_time = 1'770'322'800 * second;  // 2026-02-05 20:20
    view.records = 28'697;
    view.records_per_second = 41'020.7;
    view.elapsed_seconds = 65;
    return view;
}

TEST(ProgressLine, ShowsShareEventTimeRateAndEstimate) {
    EXPECT_EQ(progress_line(half_way(), 120),
              "[############------------]  50%  2026-02-05 20:20:00 UTC  28,697 records  41,020/s  "
              "ETA 1:05");
}

TEST(ProgressLine, LeavesOutFromTheRightWhatDoesNotFit) {
    EXPECT_EQ(progress_line(half_way(), 60),
              "[############------------]  50%  2026-02-05 20:20:00 UTC");
    EXPECT_EQ(progress_line(half_way(), 10).size(), 10u);
}

TEST(ProgressLine, WithoutAKnownEndShowsTheTimePassed) {
    ProgressView view = half_way();
    view.progress = -1;
    view.elapsed_seconds = 3'725;
    EXPECT_EQ(progress_line(view, 120),
              "2026-02-05 20:20:00 UTC  28,697 records  41,020/s  1:02:05");
}

TEST(ProgressLine, BeforeTheFirstRecordPromisesNothing) {
    ProgressView view;
    view.progress = 0;
    EXPECT_EQ(progress_line(view, 120), "[------------------------]   0%  0 records  0/s");
}

TEST(ProgressLine, AFullBarSaysHundred) {
    ProgressView view = half_way();
    view.progress = 1;
    EXPECT_TRUE(progress_line(view, 120).starts_with("[########################] 100%"));
}

}  // namespace
}  // namespace spillway::cli
