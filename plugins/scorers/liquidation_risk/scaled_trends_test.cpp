// What the components of the default profile say of themselves: how points follow the raw input.

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "scaled.hpp"
#include "testing/score.hpp"

namespace spillway::liquidation_risk {
namespace {

using testing::Score;

// A market a while after its warm-up, of which everything is known, in the middle of a cascade.
Measures known() {
    Measures m;
    m.warm = m.price_fresh = true;
    m.cascade_move = 0.02;
    m.near_variance = m.far_variance = 1e-6;
    m.return_15 = -0.01;
    m.oi_10 = m.oi_15 = -0.005;
    m.oi_24h = 0.02;
    m.funding = 0.0001;
    m.log_ratio = 0.1;
    m.basis = 0.0002;
    m.pressure = 10;
    m.rank_oi_drop = m.rank_oi_24h = m.rank_funding = m.rank_ratio = m.rank_basis = 0.7;
    for (auto& side : m.sided)
        side = {.excursion = 0.012, .liquidation_usd = 1e6, .liquidations = 0.5};
    return m;
}

Score ignition(const Measures& m, double self_excitation, Direction d) {
    const auto distance = scaled::distance(m, d);
    const scaled::Weights weights{.open_interest = 1, .liquidations = 1, .self_excitation = 1};
    return testing::make_score(
        scaled::ignition_components,
        [&](ComponentValues out) {
            scaled::assess_ignition(m, distance, self_excitation, weights, d, out);
        },
        [&](std::span<const double> points) { return scaled::combine_ignition(distance, points); });
}
Score fragility(const Measures& m, double, Direction d) {
    return testing::make_score(
        scaled::fragility_components,
        [&](ComponentValues out) { scaled::assess_fragility(m, d, out); }, clamped_sum);
}
Score risk(const Measures& m, double, Direction d) {
    const auto distance = scaled::distance(m, d);
    return testing::make_score(
        scaled::risk_components,
        [&](ComponentValues out) { scaled::assess_risk(m, distance, {}, d, out); },
        [&](std::span<const double> points) { return scaled::combine_risk(distance, points); });
}

// An input from its lowest (0) to its highest (1), with its rank in the market's history.
struct Input {
    std::string name;
    void (*set)(Measures&, double& self_excitation, double share);
};
const Input oi_ten_minutes = {"oi_10",
                              [](Measures& m, double&, double t) { m.oi_10 = 0.03 * t - 0.02; }};
const Input oi_day = {"oi_24h", [](Measures& m, double&, double t) {
                          m.oi_24h = 0.2 * t - 0.1;
                          m.rank_oi_24h = t;
                      }};
const Input funding = {"funding", [](Measures& m, double&, double t) {
                           m.funding = 0.002 * t - 0.001;
                           m.rank_funding = std::abs(2 * t - 1);  // of its size
                       }};
const Input ratio = {"long_short", [](Measures& m, double&, double t) {
                         m.log_ratio = 2 * t - 1;
                         m.rank_ratio = t;
                     }};
const Input basis = {"basis", [](Measures& m, double&, double t) {
                         m.basis = 0.002 * t - 0.001;
                         m.rank_basis = t;
                     }};
const Input pressure = {"pressure",
                        [](Measures& m, double&, double t) { m.pressure = 200 * t - 100; }};
const Input sigmas = {"sigmas",
                      [](Measures& m, double&, double t) { m.cascade_move = 0.001 + 0.099 * t; }};
const Input excitation = {"self_excitation", [](Measures&, double& x, double t) { x = t; }};

struct Case {
    std::string score;
    Score (*assess)(const Measures&, double, Direction);
    std::span<const ComponentSpec> specs;
    std::string component;
    const Input& input;
};
const Case cases[] = {
    {"ignition", &ignition, scaled::ignition_components, "open_interest", oi_ten_minutes},
    {"ignition", &ignition, scaled::ignition_components, "self_excitation", excitation},
    {"fragility", &fragility, scaled::fragility_components, "volatility", sigmas},
    {"fragility", &fragility, scaled::fragility_components, "open_interest", oi_day},
    {"fragility", &fragility, scaled::fragility_components, "funding", funding},
    {"fragility", &fragility, scaled::fragility_components, "long_short", ratio},
    {"fragility", &fragility, scaled::fragility_components, "basis", basis},
    {"fragility", &fragility, scaled::fragility_components, "pressure", pressure},
    {"risk", &risk, scaled::risk_components, "funding", funding},
    {"risk", &risk, scaled::risk_components, "open_interest_growth", oi_day},
    {"risk", &risk, scaled::risk_components, "long_short", ratio},
    {"risk", &risk, scaled::risk_components, "ignition_open_interest", oi_ten_minutes},
};

// Of the pair whose trend turns round with the direction, `down` is named.
double sign_of(Trend trend, Direction d) {
    const double turned = d == Direction::down ? 1 : -1;
    switch (trend) {
        case Trend::rising:
            return 1;
        case Trend::falling:
            return -1;
        case Trend::rising_down:
            return turned;
        case Trend::rising_up:
            return -turned;
        case Trend::none:
            break;
    }
    return 0;
}

TEST(Trends, AreAsDeclaredWhereOneInputMovesAlone) {
    for (const Case& tried : cases) {
        const auto spec = std::find_if(tried.specs.begin(), tried.specs.end(),
                                       [&](const auto& s) { return s.name == tried.component; });
        ASSERT_NE(spec, tried.specs.end());
        for (const Direction d : directions) {
            SCOPED_TRACE(tried.score + "." + tried.component + " by " + tried.input.name);
            const double sign = sign_of(spec->trend, d);
            ASSERT_NE(sign, 0);
            std::vector<double> raw, points;
            for (int step = 0; step <= 100; ++step) {
                Measures m = known();
                double self_excitation = 0.5;
                tried.input.set(m, self_excitation, step / 100.0);
                const Score score = tried.assess(m, self_excitation, d);
                raw.push_back(score.of(tried.component).raw);
                points.push_back(sign * score.points(tried.component));
            }
            EXPECT_TRUE(std::is_sorted(raw.begin(), raw.end()));
            EXPECT_LT(raw.front(), raw.back());
            EXPECT_TRUE(std::is_sorted(points.begin(), points.end()));
            EXPECT_LT(points.front(), points.back());
        }
    }
}

TEST(Trends, EveryDeclaredOneIsTried) {
    const auto tried = [](std::string_view score, std::string_view component) {
        return std::any_of(std::begin(cases), std::end(cases), [&](const Case& one) {
            return one.score == score && one.component == component;
        });
    };
    const auto all_of = [&](std::string_view score, std::span<const ComponentSpec> specs) {
        for (const auto& spec : specs) {
            EXPECT_EQ(spec.trend != Trend::none, tried(score, spec.name)) << score << spec.name;
        }
    };
    all_of("ignition", scaled::ignition_components);
    all_of("fragility", scaled::fragility_components);
    all_of("risk", scaled::risk_components);
}

}  // namespace
}  // namespace spillway::liquidation_risk
