#include "report/calibration.hpp"

#include <array>

#include <gtest/gtest.h>

namespace spillway::report {
namespace {

constexpr std::array<double, 5> p{.1, .1, .4, .4, .8};
constexpr std::array<bool, 5> y{false, false, false, true, true};

TEST(Calibration, BrierSplitsIntoReliabilityResolutionAndUncertainty) {
    const Brier score = brier(p, y);
    EXPECT_NEAR(score.score, .116, 1e-15);
    EXPECT_NEAR(score.reliability, .016, 1e-15);
    EXPECT_NEAR(score.resolution, .14, 1e-15);
    EXPECT_NEAR(score.uncertainty, .24, 1e-15);
    EXPECT_NEAR(score.skill().value(), .516667, 5e-7);
    EXPECT_NEAR(score.score, score.reliability - score.resolution + score.uncertainty, 1e-15);
}

TEST(Calibration, SkillIsAbsentWhenTheOutcomeNeverVaries) {
    EXPECT_FALSE(brier(std::array{.2, .3}, std::array{false, false}).skill());
}

TEST(Calibration, ExpectedCalibrationErrorUsesTenEqualBins) {
    EXPECT_NEAR(expected_calibration_error(p, y), .12, 1e-15);
    const auto bins = reliability_bins(p, y);
    ASSERT_EQ(bins.size(), 10u);
    EXPECT_EQ(bins[1].count, 2u);
    EXPECT_EQ(bins[4].observed, .5);
    EXPECT_EQ(reliability_bins(std::array{1.0}, std::array{true})[9].count, 1u);
}

TEST(Calibration, MatthewsCorrelation) {
    EXPECT_NEAR(matthews_correlation({14, 6, 40, 940}), .408312, 5e-7);
    EXPECT_EQ(matthews_correlation({0, 3, 0, 5}), 0.0);
}

TEST(Calibration, IsotonicPoolsAdjacentViolators) {
    const auto fitted = isotonic(std::array<double, 8>{0, 1, 0, 0, 1, 1, 0, 1});
    const std::array<double, 8> expected{0, 1. / 3, 1. / 3, 1. / 3, 2. / 3, 2. / 3, 2. / 3, 1};
    ASSERT_EQ(fitted.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_NEAR(fitted[i], expected[i], 1e-15) << i;
    }
    EXPECT_TRUE(isotonic({}).empty());
    EXPECT_EQ(isotonic(std::array{1.0, 0.0}, std::array{3.0, 1.0}),
              (std::vector<double>{.75, .75}));
}

}  // namespace
}  // namespace spillway::report
