#include "report/match.hpp"

#include <gtest/gtest.h>

namespace spillway::report {
namespace {

const std::vector<EventSpan> three_events{{600, 660}, {2000, 2030}, {5000, 5100}};
const std::vector<Time> six_alerts{540, 595, 1500, 1990, 2015, 4000};

TEST(Match, CountsTrueLateAndFalseAlerts) {
    const Match match = match_alerts(six_alerts, three_events, {120, 0});
    EXPECT_EQ(match.right, 3u);
    EXPECT_EQ(match.wrong, 2u);
    EXPECT_EQ(match.late, 1u);
    EXPECT_DOUBLE_EQ(match.precision().value(), 3.0 / 5.0);
    EXPECT_DOUBLE_EQ(match.recall().value(), 2.0 / 3.0);
    EXPECT_NEAR(match.f1().value(), 2 * 0.6 * (2.0 / 3.0) / (0.6 + 2.0 / 3.0), 1e-15);
    EXPECT_EQ(match.leads, (std::vector<Duration>{60, 10}));
    EXPECT_EQ(match.missed(), 1u);
}

TEST(Match, AnAlertTooCloseToTheOnsetIsLate) {
    const Match match = match_alerts(six_alerts, three_events, {120, 30});
    EXPECT_EQ(match.right, 1u);
    EXPECT_EQ(match.late, 3u);
    EXPECT_EQ(match.wrong, 2u);
    EXPECT_DOUBLE_EQ(match.recall().value(), 1.0 / 3.0);
    EXPECT_EQ(match.leads, (std::vector<Duration>{60}));
}

TEST(Match, BoundsAreInclusiveAtTheHorizonAndExclusiveAtTheOnsetAndEnd) {
    const std::vector<EventSpan> event{{1000, 1100}};
    const std::vector<Time> alerts{879, 880, 999, 1000, 1099, 1100};
    using enum AlertOutcome;
    EXPECT_EQ(match_alerts(alerts, event, {120, 0}).outcomes,
              (std::vector<AlertOutcome>{wrong, right, right, late, late, wrong}));
}

TEST(Match, AnAlertInsideOneEventCanWarnOfTheNext) {
    const std::vector<EventSpan> events{{1000, 1100}, {1150, 1200}};
    const Match match = match_alerts(std::vector<Time>{1050}, events, {120, 0});
    EXPECT_EQ(match.right, 1u);
    EXPECT_EQ(match.late, 0u);
    EXPECT_EQ(match.leads, (std::vector<Duration>{100}));
}

TEST(Match, AnEventKeepsTheLeadOfItsEarliestAlertInAnyOrder) {
    const std::vector<EventSpan> event{{1000, 1100}};
    const Match match = match_alerts(std::vector<Time>{990, 900, 950}, event, {120, 0});
    EXPECT_EQ(match.found, 1u);
    EXPECT_EQ(match.leads, (std::vector<Duration>{100}));
}

TEST(Match, RatesAreAbsentWhereNothingWasCounted) {
    const Match match = match_alerts({}, {}, {});
    EXPECT_FALSE(match.precision());
    EXPECT_FALSE(match.recall());
    EXPECT_FALSE(match.f1());
    EXPECT_EQ(match_alerts({}, three_events, {}).recall(), 0.0);
}

TEST(Match, MarketsAddUp) {
    Match sum = match_alerts(six_alerts, three_events, {120, 0});
    sum += match_alerts(std::vector<Time>{100}, {}, {120, 0});
    EXPECT_EQ(sum.wrong, 3u);
    EXPECT_EQ(sum.events, 3u);
    EXPECT_DOUBLE_EQ(sum.precision().value(), 0.5);
}

TEST(Quantile, InterpolatesBetweenOrderStatistics) {
    EXPECT_FALSE(quantile({}, 0.5));
    EXPECT_EQ(quantile(std::vector<Duration>{60, 10}, 0.5), 35.0);
    EXPECT_EQ(quantile(std::vector<Duration>{4, 1, 3, 2, 5}, 0.25), 2.0);
    EXPECT_EQ(quantile(std::vector<Duration>{7}, 0.9), 7.0);
}

}  // namespace
}  // namespace spillway::report
