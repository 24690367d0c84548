#include "rule.hpp"

#include <set>

#include <gtest/gtest.h>

namespace spillway::cascades {
namespace {

constexpr Side L = Side::long_position;
constexpr Side S = Side::short_position;
constexpr Time t0 = 1'770'000'000 * second;

class CascadeRule : public testing::Test {
protected:
    CascadeRule() { rule.set_market("BTC"); }

    /// An order seen the moment it happened, at t0 + `at`.
    void order(Duration at, Side side = L, double usd = 30e3, std::string_view venue = "binance") {
        arrive(at, at, side, usd, venue);
    }
    void arrive(Duration engine, Duration event, Side side = L, double usd = 30e3,
                std::string_view venue = "binance") {
        Liquidation liquidation;
        liquidation.time = t0 + event;
        liquidation.id = {1, next_id++};
        liquidation.side = side;
        liquidation.venue = static_cast<std::uint16_t>(rule.venues.position_of(venue));
        liquidation.price = 67000;
        liquidation.has_price = true;
        liquidation.notional = to_micro_usd(usd);
        liquidation.has_notional = true;
        rule.advance(t0 + engine, options, emissions);
        verdict = rule.observe(liquidation, t0 + engine, options);
    }
    void wait_until(Duration engine) { rule.advance(t0 + engine, options, emissions); }
    void activate(Side side = L) {
        for (int i = 0; i < 5; ++i) order(i * second, side);
        wait_until(4 * second + 1);
    }
    std::vector<CascadeState> states() const {
        std::vector<CascadeState> states;
        for (const Emission& emission : emissions) states.push_back(emission.episode.state);
        return states;
    }

    RuleOptions options;
    MarketRule rule;
    std::vector<Emission> emissions;
    Verdict verdict = Verdict::accepted;
    std::uint64_t next_id = 1;
};

TEST_F(CascadeRule, OpensAtFiveEventsAndAHundredThousand) {
    for (int i = 0; i < 4; ++i) order(i * second, L, 25e3);
    wait_until(10 * second);
    EXPECT_TRUE(emissions.empty()) << "four events are forming, and forming is not emitted";
    order(20 * second, L, 0);
    wait_until(20 * second + 1);
    ASSERT_EQ(emissions.size(), 1U);
    const Episode& episode = emissions[0].episode;
    EXPECT_EQ(emissions[0].at, t0 + 20 * second);
    EXPECT_EQ(episode.state, CascadeState::active);
    EXPECT_EQ(episode.side, L);
    EXPECT_EQ(episode.start, t0);
    EXPECT_EQ(episode.last, t0 + 20 * second);
    EXPECT_EQ(episode.members(), 5U);
    EXPECT_EQ(episode.new_members.size(), 5U) << "events before the threshold are members too";
    EXPECT_DOUBLE_EQ(episode.total_usd(), 100e3);
    EXPECT_FALSE(episode.cross_exchange());
}

TEST_F(CascadeRule, StaysClosedBelowTheNotional) {
    for (int i = 0; i < 50; ++i) order(i * second, L, 1'999.99);
    wait_until(hour);
    EXPECT_TRUE(emissions.empty());
}

TEST_F(CascadeRule, WindowIsOpenAtItsOldEnd) {
    order(0);
    for (int i = 1; i < 5; ++i) order(60 * second);  // the first is exactly 60 s old
    wait_until(60 * second + 1);
    EXPECT_TRUE(emissions.empty());
    order(61 * second);
    wait_until(62 * second);
    ASSERT_EQ(emissions.size(), 1U);
    EXPECT_EQ(emissions[0].episode.start, t0 + 60 * second);
}

TEST_F(CascadeRule, SidesAreApartUnlessPooled) {
    for (int i = 0; i < 4; ++i) order(i * second, L);
    order(4 * second, S);
    wait_until(5 * second);
    EXPECT_TRUE(emissions.empty());

    rule = MarketRule();
    rule.set_market("BTC");
    options.pooled = true;
    for (int i = 10; i < 14; ++i) order(i * second, L);
    order(14 * second, S);
    wait_until(15 * second);
    ASSERT_EQ(emissions.size(), 1U);
    EXPECT_FALSE(emissions[0].episode.side.has_value());
    EXPECT_EQ(emissions[0].episode.counts[0], 4U);
    EXPECT_EQ(emissions[0].episode.counts[1], 1U);
}

TEST_F(CascadeRule, KeepsOneIdFromFirstEventToClose) {
    activate();
    wait_until(64 * second);
    order(100 * second);
    wait_until(hour);
    EXPECT_EQ(states(),
              (std::vector{CascadeState::active, CascadeState::cooling, CascadeState::active,
                           CascadeState::cooling, CascadeState::closed}));
    std::set<Id> ids;
    for (const Emission& emission : emissions) ids.insert(emission.episode.id);
    EXPECT_EQ(ids.size(), 1U);
    EXPECT_EQ(*ids.begin(), episode_id("BTC", L, Id{1, 1}));
}

TEST_F(CascadeRule, CoolsAndClosesOnEngineTime) {
    activate();
    EXPECT_EQ(rule.next_due(options), t0 + 64 * second);
    wait_until(64 * second - 1);
    EXPECT_EQ(emissions.size(), 1U);
    wait_until(64 * second);
    ASSERT_EQ(emissions.size(), 2U);
    EXPECT_EQ(emissions[1].episode.state, CascadeState::cooling);
    EXPECT_EQ(rule.next_due(options), t0 + 304 * second);
    wait_until(304 * second);
    ASSERT_EQ(emissions.size(), 3U);
    EXPECT_EQ(emissions[2].at, t0 + 304 * second);
    EXPECT_EQ(emissions[2].episode.state, CascadeState::closed);
    EXPECT_EQ(rule.next_due(options), time_never);
    EXPECT_EQ(rule.open(L, options), nullptr);
}

TEST_F(CascadeRule, ASleepingCallerGetsEveryTransitionAtItsOwnTime) {
    activate();
    wait_until(day);
    EXPECT_EQ(states(),
              (std::vector{CascadeState::active, CascadeState::cooling, CascadeState::closed}));
    EXPECT_EQ(emissions[1].at, t0 + 64 * second);
    EXPECT_EQ(emissions[2].at, t0 + 304 * second);
}

TEST_F(CascadeRule, AnEventAtTheCloseBelongsToTheNextCascade) {
    activate();
    order(304 * second);  // a timer due at T comes before a record at T
    wait_until(305 * second);
    EXPECT_EQ(emissions.back().episode.state, CascadeState::closed);
    EXPECT_EQ(emissions.back().episode.members(), 5U);
}

TEST_F(CascadeRule, LateEventsNeitherOpenNorJoin) {
    activate();
    arrive(5 * second, 4 * second - 60 * second);
    EXPECT_EQ(verdict, Verdict::accepted) << "exactly 60 s behind is not late";
    arrive(6 * second, 4 * second - 60 * second - 1);
    EXPECT_EQ(verdict, Verdict::late);
    EXPECT_EQ(rule.late(), 1U);
    wait_until(10 * second);
    EXPECT_EQ(rule.open(L, options)->members(), 6U);
    EXPECT_EQ(rule.open(L, options)->id, episode_id("BTC", L, Id{1, 1}))
        << "an earlier member that arrives afterwards does not change the id";
}

TEST_F(CascadeRule, NewestIsThatOfTheMarketNotOfTheSide) {
    order(0, L);
    order(100 * second, S);
    arrive(101 * second, 39 * second, L);
    EXPECT_EQ(verdict, Verdict::late);
}

TEST_F(CascadeRule, AddedMembersAreEmittedOnceASecond) {
    activate();
    const std::size_t before = emissions.size();
    for (int i = 1; i <= 30; ++i) order(4 * second + i * 100 * millisecond);
    wait_until(10 * second);
    EXPECT_EQ(emissions.size() - before, 4U) << "at 5, 6, 7 and, for the last member, 8 s";
    std::set<Id> members;
    std::size_t total = 0;
    for (const Emission& emission : emissions) {
        for (const Liquidation& member : emission.episode.new_members) {
            members.insert(member.id);
            ++total;
        }
    }
    EXPECT_EQ(total, 35U);
    EXPECT_EQ(members.size(), 35U) << "each member is emitted exactly once";
}

TEST_F(CascadeRule, FinishHandsOverTheLastInstantButFiresNoTimer) {
    for (int i = 0; i < 5; ++i) order(0);
    EXPECT_TRUE(emissions.empty());
    rule.finish(options, emissions);
    ASSERT_EQ(emissions.size(), 1U);
    EXPECT_EQ(emissions[0].episode.state, CascadeState::active);
    EXPECT_EQ(emissions[0].episode.new_members.size(), 5U);
}

TEST_F(CascadeRule, AMemberNeverCountsForASecondCascade) {
    activate();
    // The feed stands still for six minutes of engine time, then goes on where it was.
    arrive(400 * second, 5 * second);
    wait_until(401 * second);
    EXPECT_EQ(states().back(), CascadeState::closed);
    EXPECT_EQ(rule.opened(), 1U);
}

TEST_F(CascadeRule, UnknownNotionalCountsAsAnEventOnly) {
    for (int i = 0; i < 4; ++i) order(i * second, L, 30e3);
    Liquidation unknown;
    unknown.time = t0 + 4 * second;
    unknown.id = {9, 9};
    rule.advance(unknown.time, options, emissions);
    rule.observe(unknown, unknown.time, options);
    wait_until(5 * second);
    ASSERT_EQ(emissions.size(), 1U);
    EXPECT_EQ(emissions[0].episode.unknown_notional, 1U);
    EXPECT_DOUBLE_EQ(emissions[0].episode.total_usd(), 120e3);
}

TEST_F(CascadeRule, NotionalByVenueAndPeakAndMeanOfTheRiskAreKept) {
    for (int i = 0; i < 5; ++i) order(i * second, L, 200e3, i % 2 == 0 ? "binance" : "okx");
    wait_until(5 * second);
    order(50 * second, L, 1e3);
    order(70 * second, L, 1e3);
    wait_until(71 * second);
    const Episode& episode = *rule.open(L, options);
    EXPECT_TRUE(episode.cross_exchange());
    EXPECT_EQ(episode.venues[0].notional, to_micro_usd(602e3));
    EXPECT_EQ(episode.venues[1].notional, to_micro_usd(400e3));
    EXPECT_DOUBLE_EQ(episode.risk_peak, .85);  // .25 + .20 + .20 + .15 + .05
    EXPECT_LT(episode.risk, episode.risk_peak);
    EXPECT_GT(episode.risk_mean(), episode.risk);
    EXPECT_LT(episode.risk_mean(), episode.risk_peak);
}

TEST(EpisodeId, IsTheUuidVersion5OfMarketSideAndFirstEvent) {
    EXPECT_EQ(episode_id("BTC", Side::long_position, Id{0, 1}),
              (Id{0xdd7ec4554b6b515a, 0xbd2a53bace4faf4e}));
    EXPECT_EQ(episode_id("ETH", std::nullopt, Id{0x0123456789abcdef, 0xfedcba9876543210}),
              (Id{0x980150266aae59ff, 0x863340d56f71e21e}));
}

}  // namespace
}  // namespace spillway::cascades
