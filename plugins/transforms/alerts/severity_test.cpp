#include "severity.hpp"

#include <random>

#include <gtest/gtest.h>

namespace spillway::alerts {
namespace {

constexpr Direction down = Direction::down;
constexpr Direction up = Direction::up;

Reading reading(std::optional<double> risk, std::optional<double> pressure = std::nullopt) {
    Reading reading;
    reading.risk = risk;
    reading.pressure = pressure;
    return reading;
}

Rules rules_of(Profile profile) {
    Rules rules;
    rules.profile = profile;
    return rules;
}

TEST(ScaledSeverity, HoldsFromTheThresholdOn) {
    const Rules rules;
    EXPECT_EQ(entered(reading(49.999), down, rules), Severity::none);
    EXPECT_EQ(entered(reading(50), down, rules), Severity::info);
    EXPECT_EQ(entered(reading(60), down, rules), Severity::warning);
    EXPECT_EQ(entered(reading(70), down, rules), Severity::critical);
    EXPECT_EQ(entered(reading(70, 100), down, rules), Severity::critical)
        << "pressure is shown, never a condition";
    EXPECT_EQ(entered(reading(std::nullopt), down, rules), Severity::none);
}

TEST(PredecessorSeverity, IsStrictEverywhere) {
    for (const Profile profile : {Profile::classic, Profile::monotone}) {
        const Rules rules = rules_of(profile);
        EXPECT_EQ(entered(reading(30, -50), down, rules), Severity::none);
        EXPECT_EQ(entered(reading(30.1, 50), down, rules), Severity::info);
        EXPECT_EQ(entered(reading(50, -1), down, rules), Severity::info);
        EXPECT_EQ(entered(reading(50.1, 0), down, rules), Severity::info);
        EXPECT_EQ(entered(reading(50.1, -.1), down, rules), Severity::warning);
        EXPECT_EQ(entered(reading(70, -31), down, rules), Severity::warning);
        EXPECT_EQ(entered(reading(70.1, -30), down, rules), Severity::warning);
        EXPECT_EQ(entered(reading(70.1, -30.1), down, rules), Severity::critical);
    }
}

TEST(PredecessorSeverity, TurnsThePressureForUpCascades) {
    const Rules rules = rules_of(Profile::classic);
    EXPECT_EQ(entered(reading(75, -40), up, rules), Severity::info);
    EXPECT_EQ(entered(reading(75, 40), up, rules), Severity::critical);
    EXPECT_DOUBLE_EQ(combined(75, -40, down), 115);
    EXPECT_DOUBLE_EQ(combined(75, 40, up), 115);
    EXPECT_TRUE(pressure_leaves(Severity::critical, reading(75, 10), up, rules));
    EXPECT_FALSE(pressure_leaves(Severity::critical, reading(75, 20), up, rules));
}

TEST(PredecessorSeverity, NeedsAPressureUnlessItIsOptional) {
    Rules rules = rules_of(Profile::monotone);
    EXPECT_EQ(entered(reading(90), down, rules), Severity::info);
    rules.predecessor.pressure_optional = true;
    EXPECT_EQ(entered(reading(90), down, rules), Severity::critical);
    EXPECT_EQ(entered(reading(90, 10), down, rules), Severity::info)
        << "a pressure that is known counts";
}

TEST(Severity, IsMonotoneInRisk) {
    std::mt19937 random(3);
    std::uniform_real_distribution<double> risk(0, 100);
    std::uniform_real_distribution<double> pressure(-100, 100);
    for (const Profile profile : {Profile::scaled, Profile::classic, Profile::monotone}) {
        const Rules rules = rules_of(profile);
        for (int i = 0; i < 2000; ++i) {
            const double p = pressure(random);
            const double a = risk(random);
            const double b = risk(random);
            for (const Direction direction : {down, up}) {
                EXPECT_LE(entered(reading(std::min(a, b), p), direction, rules),
                          entered(reading(std::max(a, b), p), direction, rules));
                EXPECT_EQ(entered(reading(a, p), direction, rules),
                          entered(reading(a, -p), direction == down ? up : down, rules));
            }
        }
    }
}

TEST(Aligned, IsThePredecessorsPressureCondition) {
    const Rules rules;
    EXPECT_EQ(aligned(Severity::critical, reading(80, -30.1), down, rules), true);
    EXPECT_EQ(aligned(Severity::critical, reading(80, -30), down, rules), false);
    EXPECT_EQ(aligned(Severity::warning, reading(65, -.1), down, rules), true);
    EXPECT_EQ(aligned(Severity::warning, reading(65, 0), down, rules), false);
    EXPECT_EQ(aligned(Severity::warning, reading(65, 5), up, rules), true);
    EXPECT_EQ(aligned(Severity::info, reading(55, -50), down, rules), std::nullopt);
    EXPECT_EQ(aligned(Severity::critical, reading(80), down, rules), std::nullopt);
}

}  // namespace
}  // namespace spillway::alerts
