#include "plugin.hpp"

#include <initializer_list>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <spillway/testing/driver.hpp>

#include "testing/events.hpp"

namespace spillway::liquidation_risk {
namespace {

using namespace testing;
using spillway::testing::Cutting;
using spillway::testing::Driver;
using spillway::testing::OptionText;

using Scorers = Driver<LiquidationRisk>;

const std::initializer_list<OptionText> every_change = {{"min_change", "0"}};

Script closes(int first, int last) {
    Script script;
    for (int i = first; i < last; ++i) add_close(script, i);
    return script;
}

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

struct Scores {
    const Batch& batch;

    /// The newest score at or before `time`; null if there is none.
    const Event* find(std::string_view name, Direction direction, Time time = time_never,
                      bool headline = false) const {
        const Event* found = nullptr;
        for (const Event& event : batch.events()) {
            if (event.receive_time > time) break;
            if (event.score.name == name_id(name) && event.score.direction == direction &&
                event.score.headline == headline) {
                found = &event;
            }
        }
        return found;
    }
    const Contribution* part(const Event& event, std::string_view name) const {
        for (std::size_t c = 0; c < event.score.contributions; ++c) {
            const auto* one = batch.blob_as<Contribution>(event, c * sizeof(Contribution));
            if (one->component == name_id(name)) return one;
        }
        return nullptr;
    }
};

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

TEST(LiquidationRisk, WarmingUpIsNotSafe) {
    Scorers driver(every_change);
    ASSERT_TRUE(driver.play(closes(0, 1457)));
    const Scores scores{driver.out()};
    const Event* before = scores.find("risk", Direction::down, path(1454).time + 1);
    ASSERT_NE(before, nullptr);
    EXPECT_FALSE(before->has(field::score::value));
    EXPECT_EQ(before->score.low, 0);
    EXPECT_EQ(before->score.high, 100);
    EXPECT_EQ(before->score.coverage, 0);
    EXPECT_TRUE(before->score.warming_up);
    const Contribution* reason = scores.part(*before, "not_ready");
    ASSERT_NE(reason, nullptr);
    EXPECT_EQ(text_of(reason->reason), "warming_up");
    const Event* first = scores.find("risk", Direction::down, path(1455).time + 1);
    EXPECT_TRUE(first->has(field::score::value));
    EXPECT_GT(first->receive_time, before->receive_time);
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

TEST(LiquidationRisk, PriceAloneWidensHigh) {
    Scorers driver(every_change);
    Script script;
    for (int i = 0; i < 2884; ++i) add_price(script, path(i).time, path(i).price);
    ASSERT_TRUE(driver.play(script));
    const Scores scores{driver.out()};
    const Time close = path(2883).time + 1;
    const Event* ignition = scores.find("ignition", Direction::down, close);
    EXPECT_NEAR(ignition->score.value, 60.008742, 1e-6);
    EXPECT_NEAR(ignition->score.high, 88.772834, 1e-6);
    EXPECT_NEAR(ignition->score.coverage, 0.6, 1e-12);
    const Event* fragility = scores.find("fragility", Direction::down, close);
    EXPECT_NEAR(fragility->score.value, 17.869059, 1e-6);
    EXPECT_NEAR(fragility->score.high, 37.869059, 1e-6);
    EXPECT_NEAR(fragility->score.coverage, 0.8, 1e-12);
    const Contribution* funding = scores.part(*fragility, "funding");
    EXPECT_TRUE(funding->missing);
    EXPECT_EQ(text_of(funding->reason), "no_fresh_input");
}

TEST(LiquidationRisk, StaleInputsAreSaidOnceAndThenTheMarketIsSilent) {
    Scorers driver(every_change);
    Script script = closes(0, 1500);
    const Time last = path(1499).time;
    script.wait_until(last + 12 * hour);
    ASSERT_TRUE(driver.play(script));
    const Scores scores{driver.out()};
    const Event* ignition = scores.find("ignition", Direction::down);
    EXPECT_EQ(ignition->receive_time, last + 3 * minute + 1);
    EXPECT_FALSE(ignition->has(field::score::value));
    EXPECT_EQ(text_of(scores.part(*ignition, "not_ready")->reason), "price_missing");
    // Risk goes on with the funding rate, and says how much it does not know.
    const Event* risk = scores.find("risk", Direction::down, last + 5 * minute);
    EXPECT_NEAR(risk->score.coverage, 0.3, 1e-12);
    EXPECT_EQ(risk->score.high, 100);
}

TEST(LiquidationRisk, PressureReachesMarketsThatAppearLater) {
    Scorers driver({{"min_change", "0"}, {"pressure_interval", "2d"}});
    Script script;
    add_price(script, path(0).time, path(0).price);
    add_pressure(script, path(0).time + second, -60);
    for (int i = 1; i < 1470; ++i) add_price(script, path(i).time, path(i).price, 0, "ETH");
    ASSERT_TRUE(driver.play(script));
    const Scores scores{driver.out()};
    const Event* fragility = scores.find("fragility", Direction::down);
    EXPECT_EQ(text_of(fragility->market), "ETH");
    EXPECT_EQ(scores.part(*fragility, "pressure")->raw, -60);
    EXPECT_NEAR(scores.part(*fragility, "pressure")->points, 2, 1e-12);
}

TEST(LiquidationRisk, DisconnectedLiquidationsAreMissingNotZero) {
    Scorers driver({{"profile", "monotone"}, {"min_change", "0"}});
    Script script;
    const Time start = path(0).time;
    add_funding(script, start, 0.0003);
    add_status(script, start + second, FeedState::connected);
    add_status(script, start + 10 * second, FeedState::disconnected);
    add_status(script, start + 20 * second, FeedState::resumed);
    script.wait_until(start + 30 * second);
    ASSERT_TRUE(driver.play(script));
    const Scores scores{driver.out()};
    const auto liquidations = [&](Time time) {
        const Event* risk = scores.find("risk", Direction::down, time);
        return scores.part(*risk, "liquidations")->missing;
    };
    EXPECT_TRUE(liquidations(start + 1));
    EXPECT_FALSE(liquidations(start + 9 * second));
    EXPECT_TRUE(liquidations(start + 19 * second));
    EXPECT_FALSE(liquidations(start + 29 * second));
}

TEST(LiquidationRisk, AVenueThatIsOutWidensTheBandWhileOthersSpeak) {
    Scorers driver({{"profile", "monotone"}, {"min_change", "0"}});
    Script script;
    const Time start = path(0).time;
    add_funding(script, start, 0.0003);
    add_order(script, start, Side::long_position, 100e6, "a");
    add_status(script, start + 10 * second, FeedState::disconnected, "b");
    add_status(script, start + 20 * second, FeedState::connected, "b");
    script.wait_until(start + 30 * second);
    ASSERT_TRUE(driver.play(script));
    const Scores scores{driver.out()};
    const Event* whole = scores.find("risk", Direction::up, start + 9 * second);
    const Event* part = scores.find("risk", Direction::up, start + 19 * second);
    const Event* again = scores.find("risk", Direction::up, start + 29 * second);
    for (const Event* event : {whole, part, again}) ASSERT_NE(event, nullptr);
    // Those of `a` are longs: upwards nothing is known that adds points.
    const double unseen = scores.part(*part, "liquidations")->cap;
    EXPECT_EQ(unseen, 20);
    EXPECT_EQ(part->score.value, whole->score.value);
    EXPECT_NEAR(part->score.high, whole->score.high + unseen, 1e-9);
    EXPECT_NEAR(part->score.coverage, whole->score.coverage - 0.2, 1e-12);
    EXPECT_FALSE(scores.part(*part, "liquidations")->missing);
    EXPECT_TRUE(scores.part(*part, "liquidations")->partial());
    EXPECT_EQ(text_of(scores.part(*part, "liquidations")->reason), "a_venue_is_out");
    EXPECT_EQ(again->score.high, whole->score.high);
    EXPECT_EQ(again->score.coverage, whole->score.coverage);
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
