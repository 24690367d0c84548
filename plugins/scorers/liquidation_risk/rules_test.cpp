#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "classic.hpp"
#include "monotone.hpp"
#include "testing/score.hpp"

namespace spillway::liquidation_risk {
namespace {

using testing::Score;

Score score(const classic::Inputs& in) {
    return testing::make_score(
        classic::components, [&](ComponentValues out) { classic::assess(in, out); }, clamped_sum);
}

Score score(const monotone::Inputs& in, Direction d) {
    return testing::make_score(
        monotone::components, [&](ComponentValues out) { monotone::assess(in, d, out); },
        clamped_sum);
}

TEST(Classic, Funding) {
    EXPECT_EQ(classic::funding_points(.00009), 0);
    EXPECT_EQ(classic::funding_points(.0001), 10);
    EXPECT_EQ(classic::funding_points(.0009), 20);
    EXPECT_EQ(classic::funding_points(.001), 30);
    EXPECT_EQ(classic::funding_points(-.0006), 20);
}

TEST(Classic, OpenInterest) {
    EXPECT_EQ(classic::open_interest_points(5.01, 0), 15);
    EXPECT_EQ(classic::open_interest_points(7, 1.9), 21);
    EXPECT_EQ(classic::open_interest_points(10.1, 2.0), 20);
    EXPECT_EQ(classic::open_interest_points(16, 5), 30);
    EXPECT_EQ(classic::open_interest_points(classic::percent_change(105, 100), 0), 0);
}

TEST(Classic, LongShortRatioIsCutAfterItsOwnRounding) {
    EXPECT_EQ(classic::long_short_points(2.5), 15);
    EXPECT_EQ(classic::long_short_points(2.3), 12);
    EXPECT_EQ(classic::long_short_points(.5), 0);
    EXPECT_EQ(classic::long_short_points(.333), 20);
    EXPECT_EQ(classic::long_short_points(0), 20);
}

TEST(Classic, Liquidations) {
    EXPECT_EQ(classic::liquidation_points(10'000'000), 0);
    EXPECT_EQ(classic::liquidation_points(15e6), 3);
    EXPECT_EQ(classic::liquidation_points(99e6), 19);
}

TEST(Classic, SumsItsFourComponents) {
    const Score s = score(classic::Inputs{.0012, 9, .5, 2.6, 45e6});
    const double expected[] = {30, 27, 16, 9};
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(s.components[i].points, expected[i]);
    EXPECT_EQ(s.value, 82);
    EXPECT_EQ(s.high, 82);
    EXPECT_DOUBLE_EQ(s.coverage, 1);
    EXPECT_EQ(score(classic::Inputs{1, 100, 0, 100, 1e12}).value, 100);
}

TEST(Classic, MissingInputsWidenTheScore) {
    const Score s = score(classic::Inputs{.0012, std::nullopt, .5, 2.6, std::nullopt});
    EXPECT_EQ(s.value, 46);
    EXPECT_EQ(s.high, 96);
    EXPECT_DOUBLE_EQ(s.coverage, .5);
}

TEST(Monotone, Funding) {
    EXPECT_NEAR(monotone::funding_points(.0003, Direction::down), 10, 1e-12);
    EXPECT_NEAR(monotone::funding_points(.00075, Direction::down), 25, 1e-12);
    EXPECT_NEAR(monotone::funding_points(-.00075, Direction::up), 25, 1e-12);
    EXPECT_EQ(monotone::funding_points(-.00075, Direction::down), 0);
}

TEST(Monotone, OpenInterest) {
    EXPECT_DOUBLE_EQ(monotone::open_interest_points(2.5, 0), 7.5);
    EXPECT_DOUBLE_EQ(monotone::open_interest_points(7.5, 1), 22.5);
    EXPECT_DOUBLE_EQ(monotone::open_interest_points(7.5, 4), 0);
}

TEST(Monotone, LongShort) {
    EXPECT_NEAR(monotone::long_short_points(1.5, Direction::down), 4.368292, 5e-7);
    EXPECT_NEAR(monotone::long_short_points(2.6, Direction::down), 16.470699, 5e-7);
    EXPECT_NEAR(monotone::long_short_points(1 / 2.6, Direction::up), 16.470699, 5e-7);
    EXPECT_EQ(monotone::long_short_points(1 / 2.6, Direction::down), 0);
}

TEST(Monotone, Example) {
    const Score s = score(monotone::Inputs{.0012, 9, .5, 2.6, BySide{45e6, 0}}, Direction::down);
    const double expected[] = {30, 27, 16.470699, 9};
    for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(s.components[i].points, expected[i], 5e-7);
    EXPECT_NEAR(*s.value, 82.470699, 5e-7);
}

// Random inputs, a tenth of them missing.
struct Draw {
    std::mt19937_64 random{11};

    double between(double a, double b) {
        return std::uniform_real_distribution<double>(a, b)(random);
    }
    template <class T>
    std::optional<T> maybe(T x) {
        return between(0, 1) < 0.1 ? std::nullopt : std::optional(x);
    }
    monotone::Inputs inputs() {
        monotone::Inputs in;
        in.funding = maybe(between(-.0015, .0015));
        in.open_interest_change = maybe(between(-3, 13));
        in.price_change = maybe(between(-5, 5));
        in.long_short = maybe(std::exp(between(-1.5, 1.5)));
        in.liquidated = maybe(BySide{between(0, 150e6), between(0, 150e6)});
        return in;
    }
};

double value(const monotone::Inputs& in, Direction d) { return *score(in, d).value; }

TEST(Monotone, IsBoundedByItsCaps) {
    Draw draw;
    for (int i = 0; i < 20000; ++i) {
        const auto in = draw.inputs();
        for (const Direction d : directions) {
            const Score s = score(in, d);
            for (std::size_t c = 0; c < s.specs.size(); ++c) {
                ASSERT_GE(s.components[c].points, 0);
                ASSERT_LE(s.components[c].points, s.specs[c].cap);
            }
            ASSERT_LE(s.low, s.high);
            ASSERT_LE(s.high, 100);
        }
    }
}

TEST(Monotone, GrowsWithItsInputsOnTheirOwnSide) {
    Draw draw;
    for (int i = 0; i < 20000; ++i) {
        const auto in = draw.inputs();
        for (const Direction d : directions) {
            const double own_side = -sign(d);
            auto more = in;
            const double step = draw.between(0, 1);
            if (more.open_interest_change) *more.open_interest_change += step;
            ASSERT_GE(value(more, d), value(in, d));
            more = in;
            if (more.liquidated) {
                more.liquidated->longs += d == Direction::down ? 1e7 * step : 0;
                more.liquidated->shorts += d == Direction::up ? 1e7 * step : 0;
            }
            ASSERT_GE(value(more, d), value(in, d));
            more = in;
            if (more.funding) *more.funding += own_side * .0002 * step;
            ASSERT_GE(value(more, d), value(in, d));
            more = in;
            if (more.long_short) *more.long_short *= std::exp(own_side * step);
            ASSERT_GE(value(more, d), value(in, d));
            more = in;
            if (more.price_change) *more.price_change *= 1 + step;
            ASSERT_LE(value(more, d), value(in, d));
        }
    }
}

TEST(Monotone, HasNoCliffs) {
    Draw draw;
    for (int i = 0; i < 20000; ++i) {
        const auto in = draw.inputs();
        auto near = in;
        const auto nudge = [&] { return draw.between(-1e-9, 1e-9); };
        if (near.funding) *near.funding += 1e-3 * nudge();
        if (near.open_interest_change) *near.open_interest_change += nudge();
        if (near.price_change) *near.price_change += nudge();
        if (near.long_short) *near.long_short *= 1 + nudge();
        if (near.liquidated) near.liquidated->longs += 1e6 * nudge();
        ASSERT_NEAR(value(near, Direction::down), value(in, Direction::down), 1e-6);
    }
}

TEST(Monotone, MirrorImageSwapsTheDirections) {
    Draw draw;
    for (int i = 0; i < 20000; ++i) {
        const auto in = draw.inputs();
        auto mirror = in;
        if (mirror.funding) *mirror.funding *= -1;
        if (mirror.price_change) *mirror.price_change *= -1;
        if (mirror.long_short) *mirror.long_short = 1 / *mirror.long_short;
        if (mirror.liquidated) std::swap(mirror.liquidated->longs, mirror.liquidated->shorts);
        ASSERT_NEAR(value(mirror, Direction::up), value(in, Direction::down), 1e-9);
    }
}

TEST(Rules, RemovingAnInputNeverLowersHighOrRaisesCoverage) {
    Draw draw;
    for (int i = 0; i < 20000; ++i) {
        const auto in = draw.inputs();
        for (int removed = 0; removed < 5; ++removed) {
            auto less = in;
            if (removed == 0) less.funding.reset();
            if (removed == 1) less.open_interest_change.reset();
            if (removed == 2) less.price_change.reset();
            if (removed == 3) less.long_short.reset();
            if (removed == 4) less.liquidated.reset();
            const auto pooled = [](const monotone::Inputs& m) {
                std::optional<double> usd;
                if (m.liquidated) usd = m.liquidated->total();
                return classic::Inputs{m.funding, m.open_interest_change, m.price_change,
                                       m.long_short, usd};
            };
            const Score pairs[][2] = {{score(in, Direction::down), score(less, Direction::down)},
                                      {score(pooled(in)), score(pooled(less))}};
            for (const auto& [all, fewer] : pairs) {
                ASSERT_GE(fewer.high, all.high - 1e-12);
                ASSERT_LE(fewer.low, all.low + 1e-12);
                ASSERT_LE(fewer.coverage, all.coverage);
            }
        }
    }
}

}  // namespace
}  // namespace spillway::liquidation_risk
