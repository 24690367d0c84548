#include "plugin.hpp"

#include <initializer_list>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <spillway/testing/conformance/combine.hpp>
#include <spillway/testing/driver.hpp>

#include "testing/scores.hpp"

namespace spillway::liquidation_risk {
namespace {

using namespace testing;
using spillway::testing::Cutting;
using spillway::testing::Driver;
using spillway::testing::OptionText;

/// The whole made-up market with prices and orders between its closes.
Script busy_market(int first, int last) {
    Script script;
    for (int i = first; i < last; ++i) {
        add_close(script, i);
        const PathPoint p = path(i), next = path(i + 1);
        for (int k = 1; k < 12; ++k) {
            const Time now = p.time + k * 4900 * millisecond;
            const double price = p.price + (next.price - p.price) * k / 12;
            add_price(script, now, price, price / (1 + p.basis));
            if (k % 4 == 0) add_order(script, now, Side::long_position, 1000.0 * k, "orders");
            if (i % 50 == 0 && k == 5) add_status(script, now, FeedState::connected, "quiet");
        }
    }
    return script;
}

TEST(LiquidationRisk, NoScoreFallsWhenAComponentGrows) {
    std::vector<LiquidationRisk::Context> contexts(1);  // the price is stale
    for (const double left : {0.0, 0.7, 3.0, 40.0, std::numeric_limits<double>::infinity()}) {
        contexts.push_back({scaled::Distance{.left = left, .complete = 0.5}});
    }
    spillway::testing::Findings findings;
    for (std::size_t output = 0; output < LiquidationRisk::outputs.size(); ++output) {
        for (const LiquidationRisk::Context& context : contexts) {
            check_combine(LiquidationRisk(), context, output, findings);
        }
    }
    for (const auto& finding : findings.items()) {
        ADD_FAILURE() << finding.expected << ": " << finding.happened << ", " << finding.place;
    }
}

TEST(LiquidationRisk, EventsGiveThePublishedPath) {
    Scorers driver(every_change);
    ASSERT_TRUE(driver.play(closes(0, path_length))) << driver.started().message();
    const Scores scores{driver.out()};
    struct Row {
        int i;
        Direction direction;
        double ignition, fragility, risk;
    };
    const Row rows[] = {
        {1500, Direction::up, 0.000001, 1.344516, 11.819082},
        {2879, Direction::down, 0.000001, 4.637027, 26.467523},
        {2881, Direction::down, 24.005087, 10.856130, 50},
        {2883, Direction::down, 86.369160, 21.113596, 86.369160},
        {2885, Direction::down, 95.257413, 29.308703, 95.257413},
        {2899, Direction::down, 7.994118, 31.601656, 59.051808},
    };
    for (const Row& row : rows) {
        const Time close = path(row.i).time + 1;
        const auto at_close = [&](std::string_view name) -> double {
            const Event* event = scores.find(name, row.direction, close);
            EXPECT_TRUE(event != nullptr && event->receive_time == close);
            EXPECT_TRUE(event->score.at_close);
            EXPECT_EQ(event->flags & flag_trial, 0);
            EXPECT_TRUE(event->score.young_ranks);
            EXPECT_EQ(text_of(event->score.profile), "scaled");
            EXPECT_EQ(text_of(event->market), "BTC");
            return event->score.value;
        };
        EXPECT_NEAR(at_close("ignition"), row.ignition, 1e-6) << row.i;
        EXPECT_NEAR(at_close("fragility"), row.fragility, 1e-6) << row.i;
        EXPECT_NEAR(at_close("risk"), row.risk, 1e-6) << row.i;
    }
    const Time peak = path(2885).time + 1;
    const Event* headline = scores.find("risk", Direction::down, peak, true);
    ASSERT_NE(headline, nullptr);
    EXPECT_EQ(headline->receive_time, peak);
    EXPECT_NEAR(headline->score.value, 95.257413, 1e-6);
    EXPECT_EQ(headline->score.coverage, 1);
    EXPECT_EQ(headline->score.low, headline->score.value);
    EXPECT_EQ(headline->score.high, headline->score.value);
}

TEST(LiquidationRisk, ContributionsSayWhatHowOldAndFromWhere) {
    Scorers driver(every_change);
    Script script = closes(0, 2884);
    ASSERT_TRUE(driver.play(script));
    const Scores scores{driver.out()};
    const Event* risk = scores.find("risk", Direction::down, path(2883).time + 1);
    ASSERT_NE(risk, nullptr);
    ASSERT_EQ(risk->score.contributions, 8U);
    const Contribution* oi = scores.part(*risk, "open_interest");
    EXPECT_NEAR(oi->points, 30, 1e-9);
    EXPECT_EQ(oi->cap, 30);
    EXPECT_LT(oi->raw, 0);
    EXPECT_EQ(oi->age, 1);
    EXPECT_EQ(driver.out().text(*risk, oi->venues), "v");
    EXPECT_NEAR(scores.part(*risk, "liquidations")->points, 20, 1e-9);
    EXPECT_NEAR(scores.part(*risk, "ignition")->points, 86.369160, 1e-6);
    const Event* fragility = scores.find("fragility", Direction::down, path(2883).time + 1);
    EXPECT_TRUE(scores.part(*fragility, "pressure")->has_raw);
}

TEST(LiquidationRisk, ClassicHasOneScoreWithoutDirection) {
    Scorers driver({{"profile", "classic"}});
    Script script;
    const Time start = path(0).time;
    for (int i = 0; i < 11; ++i) {
        add_open_interest(script, start + i * minute, i == 10 ? 109.0 : 100.0);
        add_price(script, start + i * minute, i == 10 ? 1005.0 : 1000.0);
    }
    const Time last = start + 10 * minute;
    add_funding(script, last, 0.0012);
    add_long_short(script, last, 2.6);
    add_order(script, last, Side::long_position, 30e6);
    add_order(script, last, Side::short_position, 15e6);
    script.wait_until(last + second);
    ASSERT_TRUE(driver.play(script));
    for (const Event& event : driver.out().events()) {
        EXPECT_EQ(event.score.direction, Direction::none);
        EXPECT_EQ(text_of(event.score.name), "risk");
        EXPECT_TRUE(event.score.headline);
        EXPECT_EQ(event.flags & flag_trial, 0);
    }
    const Event& score = driver.out()[driver.out().size() - 1];
    EXPECT_EQ(score.score.value, 82);
    EXPECT_EQ(score.score.coverage, 1);
    EXPECT_EQ(text_of(score.score.profile), "classic");
}

TEST(LiquidationRisk, MonotoneHasRiskInBothDirections) {
    Scorers driver({{"profile", "monotone"}});
    Script script;
    const Time start = path(0).time;
    add_open_interest(script, start, 100);
    add_price(script, start, 1000);
    const Time last = start + 5 * minute;
    add_open_interest(script, last, 109);
    add_price(script, last, 1005);
    add_funding(script, last, 0.0012);
    add_long_short(script, last, 2.6);
    add_order(script, last, Side::long_position, 45e6);
    script.wait_until(last + second);
    ASSERT_TRUE(driver.play(script));
    const Scores scores{driver.out()};
    EXPECT_NEAR(scores.find("risk", Direction::down)->score.value, 82.470699, 1e-6);
    EXPECT_NEAR(scores.find("risk", Direction::up)->score.value, 27, 1e-6);
    EXPECT_EQ(scores.find("ignition", Direction::down), nullptr);
}

TEST(LiquidationRisk, WithoutTrialClosesOnlyClosesSpeak) {
    Scorers driver({{"trial_closes", "false"}, {"heartbeat", "1h"}});
    ASSERT_TRUE(driver.play(busy_market(0, 1500)));
    for (const Event& event : driver.out().events()) {
        if (!event.has(field::score::value)) continue;
        EXPECT_EQ(event.receive_time % minute, 1) << format_time(event.receive_time);
        EXPECT_TRUE(event.score.at_close);
    }
}

TEST(LiquidationRisk, BandIsCrossedAtTheTickThatCrossesIt) {
    Scorers driver({{"every", "1h"}});
    Script script = closes(0, 1500);
    const PathPoint p = path(1499);
    for (int k = 1; k <= 50; ++k) {
        const double price = p.price * (1 - 0.0004 * k);
        add_price(script, p.time + k * second, price, price / (1 + p.basis));
    }
    ASSERT_TRUE(driver.play(script));
    const Scores scores{driver.out()};
    std::map<double, Time> reached;
    for (const Event& event : driver.out().events()) {
        const ScorePayload& score = event.score;
        if (score.name != name_id("ignition") || score.direction != Direction::down) continue;
        for (const double band : {30.0, 50.0, 60.0, 70.0}) {
            if (event.has(field::score::value) && score.value >= band) {
                reached.emplace(band, event.receive_time);
            }
        }
    }
    ASSERT_EQ(reached.size(), 4U);
    for (const auto& [band, time] : reached) {
        EXPECT_EQ((time - p.time) % second, 1) << band;
        const Event* before = scores.find("ignition", Direction::down, time - 1);
        EXPECT_LT(before->score.value, band);
    }
    EXPECT_LT(reached[30], reached[70]);
}

/// Down and up of every output of `scaled`.
std::vector<double> values(const LiquidationRisk& scorer, const MarketState& state, Time now) {
    std::vector<double> out;
    for (std::size_t o = 0; o < 3; ++o) {
        for (const Direction direction : directions) {
            const auto found = scorer.assess(state, now, o, direction);
            std::array<double, max_components> points{};
            for (std::size_t c = 0; c < points.size(); ++c) points[c] = found.components[c].points;
            const std::size_t count = LiquidationRisk::outputs[o].components.size();
            out.push_back(scorer.combine(found.context, {points.data(), count}, o));
        }
    }
    return out;
}

TEST(LiquidationRisk, NoScoreMovesFurtherThanARecordCanReach) {
    spillway::testing::OptionValues options;
    ASSERT_TRUE(options.parse<LiquidationRisk>({}));
    LiquidationRisk scorer;
    ASSERT_TRUE(scorer.configure(options.view()));
    ASSERT_TRUE(scorer.start({}));
    std::mt19937_64 random(7);
    std::normal_distribution<double> normal;
    Script script = closes(0, 1460);
    for (int i = 1460; i < 1700; ++i) {
        add_close(script, i);
        double price = path(i).price;
        for (int k = 1; k < 60; ++k) {
            const Time now = path(i).time + k * second;
            price *= std::exp(0.0005 * std::abs(normal(random)) * normal(random));
            add_price(script, now, price, price / (1 + path(i).basis + 1e-5 * normal(random)));
            if (k % 3 == 0) {
                add_order(script, now,
                          random() % 2 == 0 ? Side::long_position : Side::short_position,
                          std::exp(2 * normal(random) + 8), "orders");
            }
        }
    }
    MarketState state;
    int bounded = 0;
    for (const Event& event : script.batch().events()) {
        const Time now = event.receive_time;
        scorer.advance(state, now);
        const bool warm = event.receive_time >= path(1462).time;
        const auto before = warm ? values(scorer, state, now) : std::vector<double>();
        const double reach = scorer.observe(state, event, script.batch());
        if (!warm || std::isinf(reach)) continue;
        ++bounded;
        const auto after = values(scorer, state, now);
        double most = 0;
        for (std::size_t s = 0; s < after.size(); ++s) {
            most = std::max(most, std::abs(after[s] - before[s]));
        }
        ASSERT_LE(most, reach + 1e-9) << to_string(event.kind()) << ' ' << format_time(now);
    }
    EXPECT_GT(bounded, 10'000);
}

TEST(LiquidationRisk, CutsAndRestartsAreNotSeen) {
    const Script script = busy_market(0, 1520);
    Scorers whole;
    ASSERT_TRUE(whole.play(script));
    const auto lines = whole.lines();
    EXPECT_GT(lines.size(), 300U);
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        Scorers cut;
        ASSERT_TRUE(cut.play(script, {.most = 40, .seed = seed}));
        EXPECT_EQ(cut.lines(), lines) << seed;
    }
    Scorers restarted;
    ASSERT_TRUE(restarted.play(script, {.most = 997, .restart = true}));
    EXPECT_EQ(restarted.lines(), lines);
}

}  // namespace
}  // namespace spillway::liquidation_risk
