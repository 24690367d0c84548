#include "six_factor.hpp"

#include <gtest/gtest.h>

#include "window.hpp"

namespace spillway::cascades {
namespace {

Liquidation order(Time milliseconds, std::uint16_t venue, Side side, double price, double usd) {
    Liquidation event;
    event.time = milliseconds * millisecond;
    event.id = {0, static_cast<std::uint64_t>(milliseconds) + 1};
    event.venue = venue;
    event.side = side;
    event.price = price;
    event.has_price = true;
    event.notional = to_micro_usd(usd);
    event.has_notional = true;
    return event;
}

constexpr Side L = Side::long_position;
constexpr Side S = Side::short_position;

TEST(SixFactor, FiveOrdersOnThreeVenues) {
    Window window;
    window.add(order(0, 0, L, 67000, 120e3));
    window.add(order(10000, 0, L, 66950, 80e3));
    window.add(order(20000, 1, L, 66900, 600e3));
    window.add(order(30000, 0, S, 66920, 50e3));
    window.add(order(40000, 2, L, 66850, 150e3));
    EXPECT_EQ(six_factor_risk(window.risk_input()), .819);
}

TEST(SixFactor, ASinglePriceCountsAsFullyClustered) {
    Window window;
    window.add(order(0, 0, L, 67000, 0));
    // 1 event in 1 s is 60 a minute: .20; clustered .20; one-sided .15.
    EXPECT_EQ(six_factor_risk(window.risk_input()), .55);
}

TEST(SixFactor, NoPriceDoesNotLookSafe) {
    RiskInput input;
    input.events = input.longs = 2;
    input.venues = 1;
    input.span_seconds = 60;
    EXPECT_EQ(six_factor_risk(input), .39);  // .04 + .20 + .15
}

TEST(SixFactor, NothingIsZero) { EXPECT_EQ(six_factor_risk(RiskInput{}), 0); }

TEST(SixFactor, ReachesItsMaximumWithThreeVenues) {
    RiskInput input;
    input.events = input.longs = input.large = 30;
    input.priced = 1;
    input.mean_price = 100;
    input.venues = 3;
    input.notional = 2e7;
    EXPECT_EQ(six_factor_risk(input), 1.05);
    EXPECT_DOUBLE_EQ(risk_percent(1.05, 3), 100);
    EXPECT_DOUBLE_EQ(risk_percent(.95, 1), 100);
    EXPECT_DOUBLE_EQ(risk_percent(.525, 3), 50);
    EXPECT_DOUBLE_EQ(risk_percent(1.05, 1), 100) << "an unexpected venue never leads above 100";
}

TEST(SixFactor, BandsStandAtFortySixtyEighty) {
    EXPECT_EQ(risk_band(39.999), RiskBand::low);
    EXPECT_EQ(risk_band(40), RiskBand::medium);
    EXPECT_EQ(risk_band(60), RiskBand::high);
    EXPECT_EQ(risk_band(80), RiskBand::extreme);
}

TEST(Window, TotalsReturnToNothing) {
    Window window;
    for (int i = 0; i < 100; ++i) {
        window.add(order(i * 7, static_cast<std::uint16_t>(i % 3), i % 2 == 0 ? L : S,
                         .1 + 1e-5 * i, .1 * i));
    }
    EXPECT_EQ(window.risk_input().venues, 3U);
    window.drop_side(L);
    EXPECT_EQ(window.of(L).notional, 0);
    EXPECT_EQ(window.risk_input().longs, 0U);
    window.drop_until(99 * 7 * millisecond);
    EXPECT_TRUE(window.events().empty());
    EXPECT_EQ(window.of(S).count, 0U);
    EXPECT_EQ(window.of(S).notional, 0);
    EXPECT_EQ(window.risk_input().events, 0U);
}

TEST(Window, KeepsOrderWhenEventsArriveOutOfOrder) {
    Window window;
    for (const Time at : {30, 10, 20, 40, 15}) window.add(order(at, 0, L, 1, 1));
    Time last = 0;
    for (const Liquidation& event : window.events()) {
        EXPECT_LT(last, event.time);
        last = event.time;
    }
}

}  // namespace
}  // namespace spillway::cascades
