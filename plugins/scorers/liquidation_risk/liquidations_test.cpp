#include "liquidations.hpp"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace spillway::liquidation_risk {
namespace {

constexpr Time start = 1'767'225'600 * second;
using About = Liquidations::About;

constexpr Side longs = Side::long_position;

struct Feed {
    Liquidations all;

    void order(const char* venue, double usd, Time time, bool on_chain = false) {
        all.order(all.venue(venue, on_chain), longs, usd, time, time, minute);
    }
    void sum(const char* venue, double usd, Time time, Duration interval, const char* what = "x") {
        all.sum(all.venue(venue, false), what, {usd, 0}, time, interval);
    }
    std::optional<double> usd(Time now) {
        all.advance(now);
        const auto v = all.last_five_minutes(now);
        return v ? std::optional(v->longs) : std::nullopt;
    }
};

TEST(FiveMinutes, NeverSeenIsMissingAndConnectedIsZero) {
    Feed feed;
    EXPECT_FALSE(feed.usd(start).has_value());
    const auto venue = feed.all.venue("binance", false);
    feed.all.connection(venue, true, About::orders);
    EXPECT_EQ(feed.usd(start), 0.0);
    feed.all.connection(venue, false, About::orders);
    EXPECT_FALSE(feed.usd(start).has_value());
}

TEST(FiveMinutes, WindowIsOpenOnTheLeft) {
    Feed feed;
    feed.order("binance", 100, start);
    feed.order("binance", 10, start + second);
    feed.order("binance", 1, start - second);  // late, but inside
    EXPECT_EQ(feed.usd(start + 298 * second), 111.0);
    EXPECT_EQ(feed.usd(start + 299 * second), 110.0);
    EXPECT_EQ(feed.usd(start + 300 * second), 10.0);
    EXPECT_EQ(feed.usd(start + 301 * second), 0.0);
}

TEST(FiveMinutes, MatchesAFreshSumOnRandomOrders) {
    Feed feed;
    std::mt19937_64 random(9);
    std::vector<std::pair<Time, double>> orders;
    Time now = start;
    for (int i = 0; i < 5000; ++i) {
        now += static_cast<Time>(random() % 20) * 100 * millisecond;
        const Time time = now - static_cast<Time>(random() % 50) * second;
        const double usd = static_cast<double>(random() % 100'000'000) / 100;
        feed.order("binance", usd, time);
        orders.emplace_back(time, usd);
        double expected = 0;
        for (const auto& [t, v] : orders) expected += t > now - 300 * second && t <= now ? v : 0;
        ASSERT_NEAR(*feed.usd(now), expected, 1e-3);
    }
}

TEST(OneOrderCountsOnce, SingleOrdersWinOverSumsOfTheirVenue) {
    Feed feed;
    feed.sum("binance", 500, start, minute);
    EXPECT_EQ(feed.usd(start), 500.0);
    feed.order("binance", 70, start);
    EXPECT_EQ(feed.usd(start), 70.0);
    feed.order("okx", 3, start);
    EXPECT_EQ(feed.usd(start), 73.0);
}

TEST(OneOrderCountsOnce, ShorterSumsWinWhileTheyAreFresh) {
    Feed feed;
    feed.sum("binance", 3000, start, 10 * minute);
    EXPECT_EQ(feed.usd(start), 1500.0);
    feed.sum("binance", 40, start, minute);
    EXPECT_EQ(feed.usd(start), 40.0);
    EXPECT_EQ(feed.usd(start + 3 * minute), 40.0);
    EXPECT_EQ(feed.usd(start + 3 * minute + 1), 1500.0);  // the minutes are stale
    EXPECT_EQ(feed.usd(start + 10 * minute), 0.0);        // held for one interval
    EXPECT_EQ(feed.usd(start + 30 * minute), 0.0);
    EXPECT_FALSE(feed.usd(start + 30 * minute + 1).has_value());
}

TEST(OneOrderCountsOnce, ContractsOfOneVenueAddUp) {
    Feed feed;
    feed.sum("binance", 40, start, minute, "x");
    feed.sum("binance", 2, start, minute, "y");
    EXPECT_EQ(feed.usd(start), 42.0);
}

TEST(OneOrderCountsOnce, SumOverVenuesOnlyWithoutThem) {
    Feed feed;
    feed.sum("binance+okx", 1000, start, minute);
    feed.order("bybit", 5, start);
    EXPECT_EQ(feed.usd(start), 1005.0);
    feed.order("okx", 7, start);
    EXPECT_EQ(feed.usd(start), 12.0);
    feed.all.connection(feed.all.venue("okx", false), false, About::orders);
    EXPECT_EQ(feed.usd(start), 1005.0);
}

TEST(FiveMinutes, AVenueThatIsOutMakesTheRestAPart) {
    Feed feed;
    feed.order("binance", 5, start);
    const auto okx = feed.all.venue("okx", false);
    EXPECT_FALSE(feed.all.partial(start));
    feed.all.connection(okx, false, About::venue);
    EXPECT_EQ(feed.usd(start), 5.0);
    EXPECT_TRUE(feed.all.partial(start));
    feed.all.connection(okx, true, About::venue);
    EXPECT_FALSE(feed.all.partial(start));
}

TEST(FiveMinutes, AVenueListensWhenNeitherItNorItsLiquidationsAreOut) {
    for (const bool venue_first : {true, false}) {
        Feed feed;
        const auto okx = feed.all.venue("okx", false);
        feed.all.connection(okx, false, About::orders);  // refused
        feed.all.connection(okx, true, About::venue);
        EXPECT_FALSE(feed.usd(start).has_value());
        EXPECT_TRUE(feed.all.partial(start));
        feed.all.connection(okx, false, About::venue);
        feed.all.connection(okx, true, venue_first ? About::venue : About::orders);
        EXPECT_FALSE(feed.usd(start).has_value());
        feed.all.connection(okx, true, venue_first ? About::orders : About::venue);
        EXPECT_EQ(feed.usd(start), 0.0);
        EXPECT_FALSE(feed.all.partial(start));
    }
}

TEST(FiveMinutes, AVenueThatIsOutMayBeToldBySums) {
    Feed feed;
    feed.order("bybit", 5, start);
    feed.sum("binance+okx", 1000, start, minute);
    feed.all.connection(feed.all.venue("okx", false), false, About::venue);
    feed.all.advance(start);
    EXPECT_FALSE(feed.all.partial(start));
    feed.all.advance(start + 4 * minute);
    EXPECT_TRUE(feed.all.partial(start + 4 * minute)) << "the sums are stale";
    feed.sum("binance+okx", 1000, start + 4 * minute, minute);
    feed.order("binance", 7, start + 4 * minute);
    feed.all.advance(start + 4 * minute);
    EXPECT_TRUE(feed.all.partial(start + 4 * minute)) << "the sum does not count beside binance";
}

TEST(FiveMinutes, ASumThatIsOutIsToldByAllOfItsVenuesOnly) {
    Feed feed;
    feed.order("binance", 5, start);
    feed.all.connection(feed.all.venue("binance+okx", false), false, About::venue);
    feed.all.advance(start);
    EXPECT_TRUE(feed.all.partial(start));
    feed.order("okx", 5, start);
    feed.all.advance(start);
    EXPECT_FALSE(feed.all.partial(start));
}

TEST(OneOrderCountsOnce, UnnamedVenuesYieldToAnyButOnChainOnes) {
    Feed feed;
    feed.sum("coinglass_agg", 1000, start, minute);
    feed.order("aave", 5, start, true);
    EXPECT_EQ(feed.usd(start), 1005.0);
    feed.sum("binance+okx", 50, start, 30 * second);
    EXPECT_EQ(feed.usd(start), 55.0);  // overlapping sums: the shorter one
    feed.order("bybit", 7, start);
    EXPECT_EQ(feed.usd(start), 62.0);
}

TEST(Sums, ConflictingOnesAreTheLargerOfEachSide) {
    for (const bool swapped : {false, true}) {
        Feed feed;
        const auto venue = feed.all.venue("a", false);
        const BySide one{100, 5}, other{80, 9};
        feed.all.sum(venue, "x", swapped ? other : one, start, minute);
        feed.all.sum(venue, "x", swapped ? one : other, start, minute);
        feed.all.advance(start);
        EXPECT_EQ(feed.all.last_five_minutes(start)->longs, 100);
        EXPECT_EQ(feed.all.last_five_minutes(start)->shorts, 9);
    }
}

TEST(Levels, OrdersDecayAndBarsHold) {
    Feed feed;
    feed.order("binance", 1000, start);
    feed.sum("coinglass_agg", 600, start, 5 * minute);
    std::vector<CloseInputs::Liquidations> levels;
    feed.all.levels(start + minute, minute, levels);
    ASSERT_EQ(levels.size(), 2u);
    EXPECT_DOUBLE_EQ(levels[0].usd.longs, 500);
    EXPECT_DOUBLE_EQ(levels[1].usd.longs, 600);
    feed.all.levels(start + 5 * minute, minute, levels);
    EXPECT_TRUE(levels[1].present);
    EXPECT_DOUBLE_EQ(levels[1].usd.longs, 0);
    feed.all.levels(start + 15 * minute + 1, minute, levels);
    EXPECT_FALSE(levels[1].present);
}

TEST(UnknownSize, IsCountedAndNeverSummed) {
    Feed feed;
    feed.order("okx", 10, start);
    feed.all.order_of_unknown_size(feed.all.venue("okx", false));
    feed.order("okx", -3, start);
    EXPECT_EQ(feed.usd(start), 10.0);
    EXPECT_EQ(feed.all.unknown_orders(), 2u);
}

}  // namespace
}  // namespace spillway::liquidation_risk
