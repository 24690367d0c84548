#include "scaled.hpp"

#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "scales.hpp"
#include "testing/path.hpp"
#include "testing/score.hpp"

namespace spillway::liquidation_risk {
namespace {

using testing::path;
using testing::PathPoint;
using testing::Score;

// Feeds a History; every switch removes one input.
struct Feed {
    bool open_interest = true, funding = true, long_short = true, basis = true, pressure = true,
         liquidations = true;
    double log_price = 0, log_oi = 0;
    CloseInputs::Liquidations usd{};

    CloseInputs at(const PathPoint& p) {
        CloseInputs in;
        log_price = std::log(p.price);
        log_oi = std::log(p.open_interest);
        usd = {liquidations, {p.longs, p.shorts}};
        in.price_stream = 0;
        in.log_prices = {&log_price, 1};
        if (open_interest) {
            in.open_interest_stream = 0;
            in.log_open_interest = {&log_oi, 1};
        }
        if (funding) in.funding = p.funding;
        if (long_short) in.long_short = p.long_short;
        if (basis) in.basis = p.basis;
        if (pressure) in.pressure = p.pressure;
        in.liquidations = {&usd, 1};
        return in;
    }
};

std::vector<Measures> measure_path(Feed feed) {
    History history;
    std::vector<Measures> out;
    for (int i = 0; i < testing::path_length; ++i) {
        const PathPoint p = path(i);
        out.push_back(history.close(p.time, feed.at(p)));
    }
    return out;
}

const std::vector<Measures>& full_path() {
    static const std::vector<Measures> measured = measure_path({});
    return measured;
}

Score ignition(const Measures& m, Direction d) {
    if (scaled::readiness(m, true) != scaled::Readiness::ready) return {};
    const auto distance = scaled::distance(m, d);
    return testing::make_score(
        scaled::ignition_components,
        [&](ComponentValues out) {
            scaled::assess_ignition(m, distance, std::nullopt, {}, d, out);
        },
        [&](std::span<const double> points) { return scaled::combine_ignition(distance, points); });
}
Score fragility(const Measures& m, Direction d) {
    if (scaled::readiness(m, true) != scaled::Readiness::ready) return {};
    return testing::make_score(
        scaled::fragility_components,
        [&](ComponentValues out) { scaled::assess_fragility(m, d, out); }, clamped_sum);
}
Score risk(const Measures& m, Direction d) {
    if (scaled::readiness(m, false) != scaled::Readiness::ready) return {};
    const auto distance = scaled::distance(m, d);
    return testing::make_score(
        scaled::risk_components,
        [&](ComponentValues out) { scaled::assess_risk(m, distance, {}, d, out); },
        [&](std::span<const double> points) { return scaled::combine_risk(distance, points); });
}

// --- Units -----------------------------------------------------------------------------------

TEST(Scales, RankMeansTheSameEverywhere) {
    EXPECT_NEAR(rarity(0.5), 0.100343, 5e-7);
    EXPECT_NEAR(rarity(0.9), 1.0 / 3.0, 1e-12);
    EXPECT_NEAR(rarity(0.99), 2.0 / 3.0, 1e-12);
    EXPECT_NEAR(rarity(0.999), 1.0, 1e-12);
    EXPECT_EQ(rarity(0.9995), 1.0);
    EXPECT_EQ(rarity(1.0), 1.0);
    EXPECT_EQ(above_middle(0.5), 0.0);
    EXPECT_EQ(above_middle(0.75), 0.5);
}

TEST(Ignition, DistanceAndEvidenceGiveTheScore) {
    const double vectors[][3] = {{0, 0, 73.105858}, {1, 0, 50},       {2, 0, 26.894142},
                                 {3, 0, 11.920292}, {5, 0, 1.798621}, {0.5, 2, 92.414182},
                                 {0, 3, 98.201379}};
    for (const auto& [b, e, score] : vectors) EXPECT_NEAR(scaled::logistic(b, e), score, 5e-7);
    EXPECT_EQ(scaled::logistic(std::numeric_limits<double>::infinity(), 2), 0.0);
}

TEST(Fragility, FewerSigmasToACascadeAreMoreFragile) {
    const double vectors[][2] = {{3, 0},       {2, .194988},  {1.2, .440643},
                                 {1, .528321}, {.5, .861654}, {.375, 1}};
    for (const auto& [sigmas, share] : vectors) {
        Measures m;
        m.warm = m.price_fresh = true;
        m.cascade_move = 0.015;
        m.far_variance = 0.015 * 0.015 / (sigmas * sigmas * 240);
        const Score s = fragility(m, Direction::down);
        EXPECT_NEAR(s.points("volatility"), 80 * share, 80 * 5e-7);
        EXPECT_DOUBLE_EQ(s.coverage, 0.8);
        EXPECT_NEAR(s.high - s.low, 20, 1e-12);
    }
}

TEST(Fragility, MarketThatNeverMovesIsNotFragile) {
    Measures m;
    m.warm = m.price_fresh = true;
    m.cascade_move = 0.015;
    EXPECT_EQ(fragility(m, Direction::up).points("volatility"), 0);
    EXPECT_EQ(ignition(m, Direction::up).value, 0.0);
    m.sided[1].excursion = 0.02;
    EXPECT_NEAR(*ignition(m, Direction::up).value, 73.105858, 5e-7);
}

// --- The path --------------------------------------------------------------------------------

TEST(Path, NoScoreBeforeADayOfTypicalMoves) {
    for (int i = 0; i < 1455; ++i) {
        const Score s = risk(full_path()[static_cast<std::size_t>(i)], Direction::down);
        ASSERT_EQ(scaled::readiness(full_path()[static_cast<std::size_t>(i)], false),
                  scaled::Readiness::warming_up);
        ASSERT_FALSE(s.value.has_value());
        ASSERT_EQ(s.coverage, 0);
        ASSERT_EQ(s.high, 100);
    }
    EXPECT_TRUE(risk(full_path()[1455], Direction::down).value.has_value());
    EXPECT_TRUE(ignition(full_path()[1455], Direction::up).value.has_value());
}

TEST(Path, MatchesThePublishedRows) {
    struct Row {
        std::size_t i;
        Direction d;
        double sigmas, excursion, left, evidence, ignition, fragility, funding, oi, long_short,
            liquidations, risk;
    };
    const Row rows[] = {{1500, Direction::up, 4.640325, 0, 19.541216, 0, .000001, 1.344516, 0,
                         3.019082, 2.133333, 6.666667, 11.819082},
                        {2879, Direction::down, 4.653314, .000464276, 19.235678, 0, .000001,
                         4.637027, 25.008684, 0, 1.458840, 0, 26.467523},
                        {2881, Direction::down, 2.461544, .006464319, 2.727087, .574686, 24.005087,
                         10.856130, 0, 30, 0, 20, 50},
                        {2883, Direction::down, 1.885403, .012464362, .594171, 1.440466, 86.369160,
                         21.113596, 0, 30, 0, 20, 86.369160},
                        {2885, Direction::down, 1.590976, .018464405, 0, 2, 95.257413, 29.308703, 0,
                         30, 11.091854, 20, 95.257413},
                        {2899, Direction::down, 1.546673, .000464243, 3.470146, .027000, 7.994118,
                         31.601656, 0, 22.425113, 19.179027, 17.447668, 59.051808}};
    for (const Row& row : rows) {
        SCOPED_TRACE(row.i);
        const Measures& m = full_path()[row.i];
        EXPECT_NEAR(m.cascade_move, 0.015, 1e-15);
        EXPECT_NEAR(m.of(row.d).excursion, row.excursion, 1e-9);
        const auto distance = *scaled::distance(m, row.d);
        EXPECT_NEAR(distance.left, row.left, 1e-6);
        EXPECT_NEAR(fragility(m, row.d).of("volatility").raw, row.sigmas, 1e-6);
        const Score ignited = ignition(m, row.d);
        EXPECT_NEAR(ignited.points("open_interest") + ignited.points("liquidations"), row.evidence,
                    1e-6);
        EXPECT_NEAR(*ignited.value, row.ignition, 1e-6);
        EXPECT_NEAR(*fragility(m, row.d).value, row.fragility, 1e-6);
        const Score headline = risk(m, row.d);
        EXPECT_NEAR(headline.points("funding"), row.funding, 1e-6);
        EXPECT_NEAR(
            std::max(headline.points("open_interest"), headline.points("open_interest_growth")),
            row.oi, 1e-6);
        EXPECT_NEAR(headline.points("long_short"), row.long_short, 1e-6);
        EXPECT_NEAR(headline.points("liquidations"), row.liquidations, 1e-6);
        EXPECT_NEAR(headline.points("ignition"), row.ignition, 1e-6);
        EXPECT_NEAR(*headline.value, row.risk, 1e-6);
    }
}

TEST(Path, PriceAloneLeavesRoomForWhatIsMissing) {
    const auto price_only = measure_path({false, false, false, false, false, false});
    const struct {
        std::size_t i;
        double low, high;
    } rows[] = {{2881, 15.096055, 29.625867},
                {2883, 60.008742, 88.772834},
                {2885, 73.105858, 95.257413},
                {2899, 7.797772, 8.254596}};
    for (const auto& row : rows) {
        SCOPED_TRACE(row.i);
        const Score s = ignition(price_only[row.i], Direction::down);
        EXPECT_NEAR(*s.value, row.low, 1e-6);
        EXPECT_NEAR(s.low, row.low, 1e-6);
        EXPECT_NEAR(s.high, row.high, 1e-6);
        EXPECT_DOUBLE_EQ(s.coverage, 0.6);
    }
    EXPECT_NEAR(*ignition(price_only[1500], Direction::up).value, 0, 1e-6);
    const Score slow = fragility(price_only[2883], Direction::down);
    EXPECT_NEAR(slow.low, 17.869059, 1e-6);
    EXPECT_NEAR(slow.high, 37.869059, 1e-6);
    EXPECT_DOUBLE_EQ(slow.coverage, 0.8);
    const Score headline = risk(price_only[2883], Direction::down);
    EXPECT_NEAR(*headline.value, 60.008742, 1e-6);
    EXPECT_EQ(headline.high, 100);
    EXPECT_EQ(headline.coverage, 0);
}

TEST(Path, StalePriceMakesIgnitionAndFragilityMissing) {
    Measures m = full_path()[2883];
    m.price_fresh = false;
    EXPECT_EQ(scaled::readiness(m, true), scaled::Readiness::price_missing);
    EXPECT_FALSE(fragility(m, Direction::down).value.has_value());
    const Score headline = risk(m, Direction::down);
    EXPECT_NEAR(*headline.value, 20, 1e-6);  // liquidations are still known
    EXPECT_EQ(headline.high, 100);
}

TEST(Path, RemovingAnInputNeverLowersHighOrRaisesCoverage) {
    std::vector<Feed> feeds(6);
    feeds[0].open_interest = false;
    feeds[1].funding = false;
    feeds[2].long_short = false;
    feeds[3].basis = false;
    feeds[4].pressure = false;
    feeds[5].liquidations = false;
    for (const Feed& feed : feeds) {
        const auto without = measure_path(feed);
        for (std::size_t i = 0; i < without.size(); ++i) {
            for (const Direction d : directions) {
                for (const auto& score : {ignition, fragility, risk}) {
                    const Score all = score(full_path()[i], d);
                    const Score less = score(without[i], d);
                    ASSERT_GE(less.high, all.high - 1e-12) << i;
                    ASSERT_LE(less.coverage, all.coverage) << i;
                    ASSERT_LE(less.low, all.low + 1e-12) << i;
                    ASSERT_GE(all.low, 0);
                    ASSERT_LE(all.high, 100);
                    for (std::size_t c = 0; c < all.specs.size(); ++c) {
                        const ComponentValue& part = all.components[c];
                        ASSERT_LE(part.cap, all.specs[c].cap + 1e-12);
                        ASSERT_LE(part.points, part.cap + 1e-12);
                        ASSERT_GE(part.points, 0);
                    }
                }
            }
        }
    }
}

TEST(Combine, NeverDecreasesInAnyArgument) {
    std::mt19937_64 random(7);
    std::uniform_real_distribution<double> unit(0, 1);
    const double caps[] = {30, 30, 15, 20, 20, 100, 1, 1};
    for (int round = 0; round < 20000; ++round) {
        const scaled::Distance context{6 * unit(random), unit(random)};
        std::vector<double> p;
        for (const double cap : caps) p.push_back(cap * unit(random));
        std::vector<double> more = p;
        const std::size_t which = static_cast<std::size_t>(8 * unit(random)) % 8;
        more[which] += unit(random);
        ASSERT_GE(scaled::combine_risk(context, more), scaled::combine_risk(context, p));
        ASSERT_GE(scaled::combine_ignition(context, more), scaled::combine_ignition(context, p));
    }
}

// --- A second implementation, written from the definitions without any of the classes ---------

struct Naive {
    std::vector<double> x, oi, f, r, basis, pressure, longs, shorts;

    static double bin(double v, double x0) {
        if (std::abs(v) < x0) return 0;
        const double b =
            std::min(1200.0, 1 + std::floor(std::log(std::abs(v) / x0) / std::log(1.02)));
        return v < 0 ? -b : b;
    }

    // Rank of v among earlier values, newest 30 completed days are all there are.
    static std::optional<double> rank(const std::vector<double>& earlier, double v, double x0) {
        if (earlier.size() < 1440) return std::nullopt;
        double below = 0, same = 0;
        for (const double e : earlier) {
            if (bin(e, x0) < bin(v, x0)) ++below;
            if (bin(e, x0) == bin(v, x0)) ++same;
        }
        return (below + same / 2) / static_cast<double>(earlier.size());
    }

    double ew(std::size_t k, double half_life) const {
        const double a = 1 - std::pow(2, -1 / half_life);
        double sum = 0, weight = 0;
        for (std::size_t j = k; j >= 1; --j) {
            const double w = a * std::pow(1 - a, static_cast<double>(k - j));
            sum += w * (x[j] - x[j - 1]) * (x[j] - x[j - 1]);
            weight += w;
        }
        return sum / weight;
    }

    struct Out {
        double ignition, fragility, risk;
    };

    Out at(std::size_t k, double d) const {
        double squares = 0, n = 0;
        for (std::size_t j = 15; j < k; ++j, ++n)
            squares += std::pow(std::exp(x[j] - x[j - 15]) - 1, 2);
        const double move = std::max(0.015, 4 * std::sqrt(squares / n));
        double best = d * x[k];
        for (std::size_t j = k - 10; j <= k; ++j) best = std::min(best, d * x[j]);
        const double u = d * x[k] - best;
        const double s = std::sqrt(.75 * ew(k, 15) + .25 * ew(k, 1440));
        const double b = std::max(move - u, 0.0) / (s * std::sqrt(15.0));
        const double kappa = std::min(1.0, u / move);
        const double x_oi = std::clamp(-(oi[k] - oi[k - 10]) / .01, 0.0, 1.0);
        const auto& l = d < 0 ? longs : shorts;
        const auto before = [&](const std::vector<double>& v) {
            return std::vector<double>(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(k));
        };
        const auto R = [](double q) {
            return std::clamp(-std::log10(std::max(1 - q, 1e-12)) / 3, 0.0, 1.0);
        };
        const auto G = [](double q) { return std::clamp(2 * q - 1, 0.0, 1.0); };
        const double x_liq = l[k] > 0 ? R(*rank(before(l), l[k], 1)) : 0;
        const double e = kappa * (x_oi + x_liq);
        Out out{};
        out.ignition = 100 / (1 + std::exp(b - e - 1));

        std::vector<double> drops, days;
        for (std::size_t j = 15; j < k; ++j) drops.push_back(-(oi[j] - oi[j - 15]));
        for (std::size_t j = 1440; j < k; ++j) days.push_back(oi[j] - oi[j - 1440]);
        const auto q_day = rank(days, oi[k] - oi[k - 1440], 1e-7);
        const double grown = q_day ? G(*q_day) : 0;
        std::vector<double> sizes;
        for (std::size_t j = 0; j < k; ++j) sizes.push_back(std::abs(f[j]));
        const double funding = -d * f[k] > 0 ? G(*rank(sizes, std::abs(f[k]), 1e-9)) : 0;
        const double qr = *rank(before(r), r[k], 1e-7), qa = *rank(before(basis), basis[k], 1e-7);
        const double ratio = G(d < 0 ? qr : 1 - qr), premium = G(d < 0 ? qa : 1 - qa);
        const double p = std::clamp(d * pressure[k] / 50, 0.0, 1.0);
        const double c = move / (std::sqrt(.5 * ew(k, 60) + .5 * ew(k, 1440)) * std::sqrt(240.0));
        const double v = std::clamp(std::log(3 / c) / std::log(8.0), 0.0, 1.0);
        out.fragility =
            100 * (.80 * v + .08 * grown + .05 * funding + .03 * ratio + .02 * premium + .02 * p);
        const double change = oi[k] - oi[k - 15], r15 = std::exp(x[k] - x[k - 15]) - 1;
        const double drop = change < 0 && d * r15 > 0 ? R(*rank(drops, -change, 1e-7)) : 0;
        const double sum = 30 * funding + 30 * std::max(drop, .5 * grown) + 20 * ratio + 20 * x_liq;
        out.risk = std::max(sum, out.ignition);
        return out;
    }
};

TEST(Path, AgreesWithASecondImplementationOnEveryClose) {
    Naive naive;
    for (int i = 0; i < testing::path_length; ++i) {
        const PathPoint p = path(i);
        naive.x.push_back(std::log(p.price));
        naive.oi.push_back(std::log(p.open_interest));
        naive.f.push_back(p.funding);
        naive.r.push_back(std::log(p.long_short));
        naive.basis.push_back(p.basis);
        naive.pressure.push_back(p.pressure);
        naive.longs.push_back(p.longs);
        naive.shorts.push_back(p.shorts);
    }
    for (std::size_t i = 1455; i < naive.x.size(); ++i) {
        for (const Direction d : directions) {
            const auto expected = naive.at(i, sign(d));
            const Measures& m = full_path()[i];
            ASSERT_NEAR(*ignition(m, d).value, expected.ignition, 1e-9) << i;
            ASSERT_NEAR(*fragility(m, d).value, expected.fragility, 1e-9) << i;
            ASSERT_NEAR(*risk(m, d).value, expected.risk, 1e-9) << i;
        }
    }
}

}  // namespace
}  // namespace spillway::liquidation_risk
