#include "pressure.hpp"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace spillway::stablecoin_pressure {
namespace {

Amounts amounts(std::optional<double> outflow, std::optional<double> mint = 0) {
    return {outflow, mint, 0};
}

double value(const Amounts& amounts, const Options& options = {}) {
    return pressure_of(amounts, options).value.value();
}

TEST(Pressure, Vectors) {
    Options classic;
    classic.truncate = true;
    EXPECT_EQ(value(amounts(-61e6), classic), -30);
    EXPECT_EQ(value(amounts(-61e6)), -30.5);
    EXPECT_EQ(value(amounts(-62e6), classic), -31);
    EXPECT_EQ(value(amounts(-62e6)), -31);
    EXPECT_EQ(value(amounts(100e6), classic), 50);
    EXPECT_EQ(value(amounts(100e6)), 50);
    EXPECT_EQ(value(amounts(-300e6, -600e6), classic), -100);
    EXPECT_EQ(value(amounts(-300e6, -600e6)), -100);
}

TEST(Pressure, ClassicTruncatesTheSumOnce) {
    Options classic;
    classic.truncate = true;
    EXPECT_EQ(value(amounts(1.4e6, 7e6), classic), 1) << ".7 + .7, not 0 + 0";
}

TEST(Pressure, ComponentsAreCapped) {
    const Pressure pressure = pressure_of(amounts(1e12, -1e12), {});
    EXPECT_EQ(pressure.exchange_flow, 50);
    EXPECT_EQ(pressure.mint_burn, -50);
    EXPECT_EQ(pressure.value, 0);
    EXPECT_EQ(pressure.coverage, 1);
    EXPECT_EQ(pressure.low, 0);
    EXPECT_EQ(pressure.high, 0);
}

TEST(Pressure, UnknownIsNotZero) {
    const Pressure nothing = pressure_of(amounts(std::nullopt, std::nullopt), {});
    EXPECT_FALSE(nothing.value);
    EXPECT_EQ(nothing.low, -100);
    EXPECT_EQ(nothing.high, 100);
    EXPECT_EQ(nothing.coverage, 0);

    const Pressure half = pressure_of(amounts(-61e6, std::nullopt), {});
    EXPECT_EQ(half.value, -30.5);
    EXPECT_EQ(half.low, -80.5);
    EXPECT_EQ(half.high, 19.5);
    EXPECT_EQ(half.coverage, .5);
}

TEST(Pressure, SignAndWeightsAreOptions) {
    Options options;
    options.sign = Sign::inflow_positive;
    EXPECT_EQ(value(amounts(-61e6), options), 30.5);
    EXPECT_EQ(value(amounts(0, 100e6), options), 10) << "minting keeps its sign";
    options.flow_weight = 0;
    options.mint_weight = 2;
    EXPECT_EQ(value(amounts(-61e6, 100e6), options), 20);
}

TEST(Pressure, IsBoundedMonotoneAndOdd) {
    std::mt19937 random(1);
    std::normal_distribution<double> usd(0, 300e6);
    for (int i = 0; i < 5000; ++i) {
        const double flow = usd(random);
        const double mint = usd(random) * 5;
        const double more = std::abs(usd(random));
        EXPECT_LE(std::abs(value(amounts(flow, mint))), 100);
        EXPECT_LE(value(amounts(flow, mint)), value(amounts(flow + more, mint)));
        EXPECT_LE(value(amounts(flow, mint)), value(amounts(flow, mint + more)));
        EXPECT_EQ(value(amounts(flow, mint)), -value(amounts(-flow, -mint)));
        const Pressure half = pressure_of(amounts(flow, std::nullopt), {});
        EXPECT_LE(half.low, value(amounts(flow, mint)));
        EXPECT_GE(half.high, value(amounts(flow, mint)));
    }
}

}  // namespace
}  // namespace spillway::stablecoin_pressure
