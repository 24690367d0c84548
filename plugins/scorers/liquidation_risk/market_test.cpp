#include "market.hpp"

#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include <spillway/state.hpp>

#include "testing/path.hpp"
#include "testing/score.hpp"

namespace spillway::liquidation_risk {
namespace {

using testing::path;
using testing::PathPoint;

const Settings settings;

struct Values {
    double ignition, fragility, risk, high;
    friend bool operator==(const Values&, const Values&) = default;
};

// The path as records of one venue; asks what the market says after each.
struct Playback {
    Market market;
    Inputs::Index price = 0, oi = 0, funding = 0, ratio = 0;
    Liquidations::Index venue = 0;

    Playback() { find_streams(); }

    void find_streams() {
        price = market.inputs().price_stream("v", "x");
        oi = market.inputs().open_interest_stream("v", "x");
        funding = market.inputs().funding_stream("v", "x");
        ratio = market.inputs().long_short_stream("v", "x", Population::global_accounts);
        venue = market.liquidations().venue("v", false);
    }

    void feed(const PathPoint& p, double scale = 1) {
        market.advance(p.time, settings);
        market.inputs().open_interest(oi, p.time, minute, p.open_interest, {});
        market.inputs().funding(funding, p.time, 8 * hour, p.funding, 8);
        market.inputs().long_short(ratio, p.time, minute, p.long_short);
        market.liquidations().sum(venue, "x", {p.longs, p.shorts}, p.time, minute);
        market.pressure(p.pressure, p.time, minute);
        const double mark = p.price * scale;
        market.price(price, {p.time, 0, mark, {}, mark / (1 + p.basis)}, settings);
    }

    Values values(Time now, Direction d) {
        market.advance(now, settings);
        const Measures& m = market.measures(settings);
        const auto distance = scaled::distance(m, d);
        Values out{-1, -1, -1, 100};
        if (scaled::readiness(m, false) == scaled::Readiness::ready) {
            const auto risk = testing::make_score(
                scaled::risk_components,
                [&](ComponentValues c) { scaled::assess_risk(m, distance, {}, d, c); },
                [&](auto points) { return scaled::combine_risk(distance, points); });
            out.risk = *risk.value;
            out.high = risk.high;
        }
        if (scaled::readiness(m, true) == scaled::Readiness::ready) {
            out.ignition =
                *testing::make_score(
                     scaled::ignition_components,
                     [&](ComponentValues c) { scaled::assess_ignition(m, distance, {}, {}, d, c); },
                     [&](auto points) { return scaled::combine_ignition(distance, points); })
                     .value;
            out.fragility =
                *testing::make_score(
                     scaled::fragility_components,
                     [&](ComponentValues c) { scaled::assess_fragility(m, d, c); }, clamped_sum)
                     .value;
        }
        return out;
    }
};

TEST(Market, RecordsGiveThePublishedPath) {
    Playback run;
    for (int i = 0; i < testing::path_length; ++i) {
        const PathPoint p = path(i);
        run.feed(p);
        const Values down = run.values(p.time + 1, Direction::down);
        const Values up = run.values(p.time + 1, Direction::up);
        ASSERT_TRUE(run.market.at_close());
        if (i == 1454) {
            EXPECT_EQ(up.risk, -1);
        }
        if (i == 1500) {
            EXPECT_NEAR(up.fragility, 1.344516, 1e-6);
            EXPECT_NEAR(up.risk, 11.819082, 1e-6);
        }
        if (i == 2881) {
            EXPECT_NEAR(down.ignition, 24.005087, 1e-6);
            EXPECT_NEAR(down.fragility, 10.856130, 1e-6);
            EXPECT_NEAR(down.risk, 50, 1e-6);
        }
        if (i == 2899) {
            EXPECT_NEAR(down.ignition, 7.994118, 1e-6);
            EXPECT_NEAR(down.fragility, 31.601656, 1e-6);
            EXPECT_NEAR(down.risk, 59.051808, 1e-6);
        }
    }
}

TEST(Market, TrialCloseShowsWhatTheNextCloseWouldAndChangesNothing) {
    Playback with, without;
    for (int i = 0; i < 1600; ++i) {
        const PathPoint p = path(i);
        with.feed(p);
        without.feed(p);
        if (i > 1460 && i % 10 == 0) {
            // The price of the next close, half a minute early.
            const PathPoint next = path(i + 1);
            Playback trial = with;
            trial.market.advance(p.time + 30 * second, settings);
            trial.market.price(trial.price, {p.time + 30 * second, 0, next.price, {}, {}},
                               settings);
            const Values early = trial.values(p.time + 30 * second, Direction::down);
            EXPECT_FALSE(trial.market.at_close());
            const Values close = trial.values(p.time + minute + 1, Direction::down);
            EXPECT_TRUE(trial.market.at_close());
            EXPECT_NEAR(early.fragility, close.fragility, 1e-12);
            EXPECT_NEAR(early.ignition, close.ignition, 1e-6);  // its bar no longer holds then
        }
        with.values(p.time + 20 * second, Direction::up);
    }
    const Time end = path(1599).time + 1;
    EXPECT_EQ(with.values(end + 30 * second, Direction::down),
              without.values(end + 30 * second, Direction::down));
}

TEST(Market, OrderOfSimultaneousRecordsDoesNotMatter) {
    const auto feed = [](bool reversed) {
        Playback run;
        std::vector<Values> out;
        for (int i = 0; i < 1700; ++i) {
            const PathPoint p = path(i);
            Market& m = run.market;
            m.advance(p.time, settings);
            for (int k = 0; k < 4; ++k) {
                switch (reversed ? 3 - k : k) {
                    case 0:
                        m.inputs().open_interest(run.oi, p.time, minute, p.open_interest, {});
                        break;
                    case 1:
                        m.inputs().funding(run.funding, p.time, 0, p.funding, 8);
                        break;
                    case 2:
                        m.price(run.price, {p.time, 0, p.price, {}, {}}, settings);
                        break;
                    default:
                        m.order(run.venue, Side::long_position, p.longs, p.time, settings);
                }
            }
            out.push_back(run.values(p.time, Direction::down));
        }
        return out;
    };
    EXPECT_EQ(feed(false), feed(true));
}

TEST(Market, StalePriceIsMissingWhileItsLastCloseIsRepeated) {
    Playback run;
    for (int i = 0; i < 1500; ++i) run.feed(path(i));
    const Time last = path(1499).time;
    EXPECT_GE(run.values(last + 3 * minute, Direction::down).ignition, 0);
    const Values stale = run.values(last + 3 * minute + 1, Direction::down);
    EXPECT_EQ(stale.ignition, -1);
    EXPECT_EQ(stale.fragility, -1);
    EXPECT_GE(stale.risk, 0);
    EXPECT_EQ(stale.high, 100);
}

TEST(Market, LongHoleForgetsLevelsButNotRanks) {
    Playback run;
    for (int i = 0; i < 1500; ++i) run.feed(path(i));
    PathPoint p = path(1500);
    const Time back = p.time + 2 * hour;
    // A third of the price is gone while nobody looked: that is no move of a minute.
    for (int i = 0; i < 40; ++i) {
        p = path(1500 + i);
        p.time = back + i * minute;
        run.feed(p, 0.66);
        const Values v = run.values(p.time + 1, Direction::down);
        EXPECT_LT(v.ignition, 1) << i;
        EXPECT_EQ(v.risk >= 0, i >= 15) << i;
    }
}

TEST(Market, ShortHoleIsBridged) {
    Playback run;
    for (int i = 0; i < 1500; ++i) run.feed(path(i));
    PathPoint p = path(1559);  // an hour after the last price
    run.feed(p, 0.95);
    EXPECT_GT(run.values(p.time + 1, Direction::down).ignition, 70);
}

TEST(Market, CoarserStreamDoesNotRestartTheWarmUp) {
    Playback run;
    for (int i = 0; i < 1500; ++i) run.feed(path(i));
    const auto bars = run.market.inputs().price_stream("bars", "x");
    const Time last = path(1499).time;
    for (Time t = last + 5 * minute; t <= last + 30 * minute; t += 5 * minute) {
        run.market.advance(t, settings);
        run.market.price(bars, {t, 5 * minute, 50'000.0, {}, {}}, settings);
        EXPECT_EQ(run.values(t + 1, Direction::down).ignition, -1);
    }
    PathPoint p = path(1530);
    run.feed(p);
    EXPECT_GE(run.values(p.time + 1, Direction::down).ignition, 0);
}

TEST(Market, BarsSetTheGrid) {
    Market market;
    const auto bars = market.inputs().price_stream("bars", "x");
    for (int i = 0; i < 400; ++i) {
        const PathPoint p = path(i);
        const Time t = testing::path_start + i * 5 * minute;
        market.advance(t, settings);
        market.price(bars, {t, 5 * minute, p.price, {}, {}}, settings);
        market.advance(t + 1, settings);
        EXPECT_EQ(market.measures(settings).warm, i >= 288 + 3) << i;
    }
}

TEST(Market, RestoredStateGoesOnAsIfNothingHadHappened) {
    Playback run;
    for (int i = 0; i < 1500; ++i) run.feed(path(i));
    run.market.order(run.venue, Side::long_position, 5e5, path(1499).time, settings);
    StateWriter writer;
    writer(1, run.market);
    Playback restored;
    StateReader reader(writer.bytes());
    Market fresh;
    reader(1, fresh);
    ASSERT_TRUE(reader.ok());
    restored.market = fresh;
    restored.find_streams();
    for (int i = 1500; i < 1700; ++i) {
        const PathPoint p = path(i);
        run.feed(p);
        restored.feed(p);
        for (const Direction d : directions) {
            ASSERT_EQ(run.values(p.time + 1, d), restored.values(p.time + 1, d)) << i;
        }
    }
    EXPECT_EQ(run.market.self_excitation(Direction::down, settings),
              restored.market.self_excitation(Direction::down, settings));
}

TEST(Market, NextDueIsTheNextCloseOrAgeLimit) {
    Playback run;
    run.feed(path(0));
    EXPECT_EQ(run.market.next_due(), path(0).time + 1);
    run.market.advance(path(0).time + 1, settings);
    EXPECT_EQ(run.market.next_due(), path(1).time + 1);
}

}  // namespace
}  // namespace spillway::liquidation_risk
