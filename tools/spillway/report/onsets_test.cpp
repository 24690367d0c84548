#include "report/onsets.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "report/trailing.hpp"

namespace spillway::report {
namespace {

constexpr Duration five = 5 * minute;

// Two days of 5-minute closes around 100 that swing by 0.1 %, with jumps written over them.
struct Panel {
    std::vector<Sample> prices;
    std::vector<Sample> interest;
    std::vector<SidedSample> notional;

    Panel() {
        for (Time i = 0; i < 2 * 288; ++i) {
            prices.push_back({i * five, i % 2 == 0 ? 100.0 : 100.1});
            interest.push_back({i * five, 1000.0});
            notional.push_back({i * five, 1000.0, 1000.0});
        }
    }
    void move_from(std::size_t i, double factor) {
        for (; i < prices.size(); ++i) {
            prices[i].value *= factor;
        }
    }
    void drop_interest_from(std::size_t i, double factor) {
        for (; i < interest.size(); ++i) {
            interest[i].value *= factor;
        }
    }
    OnsetLabels price_label() const { return label_onsets({prices, {}, {}, 0}); }
    OnsetLabels interest_label() const { return label_onsets({prices, interest, {}, 0}); }
    OnsetLabels full_label() const { return label_onsets({prices, interest, notional, 0}); }
};

TEST(Onsets, AFallOfTwoPercentInFifteenMinutesIsADownOnset) {
    Panel panel;
    panel.move_from(400, 0.98);
    const OnsetLabels labels = panel.price_label();
    EXPECT_EQ(labels.grid, five);
    ASSERT_EQ(labels.down.size(), 1u);
    EXPECT_TRUE(labels.up.empty());
    EXPECT_EQ(labels.down[0].start, 400 * five);
    EXPECT_EQ(labels.down[0].end, 403 * five);  // three closes have the jump in their window
    EXPECT_NEAR(labels.down[0].price_change, 100.0 * 0.98 / 100.1 - 1.0, 1e-12);
}

TEST(Onsets, NothingIsLabelledBeforeADayOfHistory) {
    Panel panel;
    panel.move_from(200, 0.98);
    const OnsetLabels labels = panel.price_label();
    EXPECT_TRUE(labels.down.empty());
    EXPECT_EQ(labels.labelled_from, (3 + 288) * five);  // the first return is at the fourth close
    EXPECT_EQ(labels.labelled_to, 575 * five);
    EXPECT_EQ(labels.labelled_time, (575 - 291 + 1) * five);

    panel.prices.resize(100);
    EXPECT_EQ(panel.price_label().unavailable, "less than 24 h of usable history");
}

TEST(Onsets, OpenInterestMustFallByOnePercentIfTheDataHasIt) {
    Panel panel;
    panel.move_from(400, 1.03);
    EXPECT_TRUE(panel.interest_label().up.empty());
    panel.drop_interest_from(401, 0.985);
    const OnsetLabels labels = panel.interest_label();
    ASSERT_EQ(labels.up.size(), 1u);
    EXPECT_EQ(labels.up[0].start, 401 * five);
    EXPECT_NEAR(labels.up[0].interest_change.value(), -0.015, 1e-12);
}

TEST(Onsets, NotionalMustBeUnusualOnTheLiquidatedSide) {
    Panel panel;
    panel.move_from(400, 0.97);
    panel.drop_interest_from(400, 0.98);
    EXPECT_TRUE(panel.full_label().down.empty());
    panel.notional[401].shorts = 5e6;
    EXPECT_TRUE(panel.full_label().down.empty());
    panel.notional[402].longs = 5e6;
    const OnsetLabels labels = panel.full_label();
    ASSERT_EQ(labels.down.size(), 1u);
    EXPECT_EQ(labels.down[0].start, 402 * five);
    EXPECT_EQ(labels.down[0].notional, 5e6);
}

TEST(Onsets, SilenceNeverPassesTheNotionalCondition) {
    Panel panel;
    panel.move_from(400, 0.97);
    panel.notional.clear();
    EXPECT_TRUE(label_onsets({panel.prices, {}, panel.notional, 0}).down.empty());
}

TEST(Onsets, AMoveMustStandOutFromTheMarketsOwnVolatility) {
    Panel panel;
    for (std::size_t i = 0; i < panel.prices.size(); ++i) {
        panel.prices[i].value = (i / 3) % 2 == 0 ? 100.0 : 101.0;  // every 15-min return is 1 %
    }
    panel.move_from(400, 0.975);
    EXPECT_TRUE(panel.price_label().down.empty());
}

TEST(Onsets, StretchesLessThanHalfAnHourApartAreOneEvent) {
    Panel panel;
    panel.move_from(400, 0.97);  // qualifies at 400, 401, 402
    panel.move_from(407, 0.97);  // 25 min after the last qualifying close
    panel.move_from(415, 0.97);  // qualifies 30 min after close 409
    const OnsetLabels labels = panel.price_label();
    ASSERT_EQ(labels.down.size(), 2u);
    EXPECT_EQ(labels.down[0].start, 400 * five);
    EXPECT_EQ(labels.down[0].end, 410 * five);
    EXPECT_EQ(labels.down[1].start, 415 * five);
}

TEST(Onsets, AHoleOfMoreThanAnHourIsNoMove) {
    Panel panel;
    panel.move_from(400, 0.95);
    panel.prices.erase(panel.prices.begin() + 380, panel.prices.begin() + 400);
    EXPECT_TRUE(panel.price_label().down.empty());
}

TEST(Onsets, HourlyPricesCannotCarryAFifteenMinuteLabel) {
    std::vector<Sample> hourly;
    for (Time i = 0; i < 100; ++i) {
        hourly.push_back({i * hour, 100.0});
    }
    EXPECT_EQ(label_onsets({hourly, {}, {}, 0}).unavailable,
              "prices every 60 min, the label needs 15 min or finer");
    EXPECT_EQ(label_onsets({}).unavailable, "no prices");
}

TEST(Onsets, TheResultNamesItsConditions) {
    const Panel panel;
    EXPECT_EQ(describe(panel.full_label().conditions), "full label: price, OI, notional");
    EXPECT_EQ(describe(panel.interest_label().conditions), "reduced label: price, OI; no notional");
    EXPECT_EQ(describe(panel.price_label().conditions), "reduced label: price; no OI, notional");
}

TEST(TrailingQuantile, IsTheNearestRankOfWhatIsInTheWindow) {
    std::vector<double> values;
    for (int i = 0; i < 400; ++i) {
        values.push_back(static_cast<double>((i * 7919) % 211));
    }
    TrailingQuantile sliding{values};
    constexpr std::size_t width = 200;
    for (std::size_t i = 0; i < values.size(); ++i) {
        sliding.add(values[i]);
        if (i >= width) {
            sliding.remove(values[i - width]);
        }
        std::vector<double> window(
            values.begin() + static_cast<std::ptrdiff_t>(i >= width ? i - width + 1 : 0),
            values.begin() + static_cast<std::ptrdiff_t>(i + 1));
        std::sort(window.begin(), window.end());
        for (const double q : {0.005, 0.5, 0.995, 1.0}) {
            const double rank = std::ceil(q * static_cast<double>(window.size()) - 1e-9);
            ASSERT_EQ(sliding.value(q), window[static_cast<std::size_t>(rank) - 1])
                << i << ' ' << q;
        }
    }
    EXPECT_FALSE(TrailingQuantile{{}}.value(0.5));
}

TEST(TrailingDeviation, IsTheSampleDeviation) {
    TrailingDeviation deviation;
    EXPECT_FALSE(deviation.value());
    for (const double x : {100.0, 1.0, 2.0, 4.0}) {
        deviation.add(x);
    }
    deviation.remove(100.0);
    EXPECT_NEAR(deviation.value().value(), std::sqrt(7.0 / 3.0), 1e-9);
}

}  // namespace
}  // namespace spillway::report
