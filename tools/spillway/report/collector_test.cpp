#include "report/collector.hpp"

#include <array>

#include <gtest/gtest.h>

namespace spillway::report {
namespace {

constexpr Duration five = 5 * minute;

void add_prices(Collector& to, Time closes, std::string_view market = "BTC") {
    for (Time i = 0; i < closes; ++i) {
        const double price = (i % 2 == 0 ? 100.0 : 100.1) * (i >= 400 ? 0.97 : 1.0);
        to.add(PriceRecord{i * five, market, "binance", five, price, {}, {}});
    }
}

void add_score(Collector& to, Time time, double value, bool trial = false) {
    ScoreRecord record{time, "BTC", "risk", Direction::down};
    record.headline = true;
    record.trial = trial;
    record.value = value;
    to.add(record);
}

TEST(Collector, AlertsAreCountedByTheHighestSeverityTheyReached) {
    Collector collector;
    const auto alert = [&](Time time, Severity severity, bool resolved = false) {
        collector.add(AlertRecord{time, "BTC", Direction::down, severity, resolved});
    };
    add_prices(collector, 3);
    alert(1, Severity::info);
    alert(2, Severity::critical);
    alert(3, Severity::critical);  // repeated
    alert(4, Severity::warning);   // de-escalated
    alert(5, Severity::info, true);
    alert(6, Severity::warning);
    collector.add(AlertRecord{7, "*", Direction::none, Severity::warning});
    collector.add(AlertRecord{8, "BTC", Direction::none, Severity::info, false, true});
    const RunReport report = collector.report({});
    EXPECT_EQ(report.alerts.by_highest_severity, (std::array<std::uint64_t, 3>{0, 1, 1}));
    EXPECT_EQ(report.market_wide_alerts, 1u);
    EXPECT_EQ(report.degraded_data_alerts, 1u);
}

TEST(Collector, JudgesEachLevelByOnsetsOfItsDirection) {
    Collector collector;
    add_prices(collector, 2 * 288);  // falls by 3 % at close 400
    const auto alert = [&](Time close, Direction direction, Severity severity, bool resolved) {
        collector.add(AlertRecord{close * five, "BTC", direction, severity, resolved});
    };
    alert(10, Direction::down, Severity::info, false);  // before a day of history: no label
    alert(20, Direction::down, Severity::info, true);
    alert(350, Direction::down, Severity::info, false);  // false
    alert(360, Direction::down, Severity::info, true);
    alert(394, Direction::up, Severity::critical, false);  // wrong direction
    alert(396, Direction::down, Severity::warning, false);
    alert(401, Direction::down, Severity::critical, false);  // late at this level
    alert(450, Direction::down, Severity::info, true);
    alert(574, Direction::down, Severity::info, false);  // its hour is not over
    const RunReport report = collector.report({});
    const LevelOutcome& info = report.levels[0];
    EXPECT_EQ(info.match.events, 1u);
    EXPECT_EQ(info.match.right, 1u);
    EXPECT_EQ(info.match.wrong, 2u);
    EXPECT_EQ(info.unjudged, 2u);
    EXPECT_EQ(info.match.leads, (std::vector<Duration>{20 * minute}));
    const LevelOutcome& critical = report.levels[2];
    EXPECT_EQ(critical.match.late, 1u);
    EXPECT_EQ(critical.match.wrong, 1u);
    EXPECT_EQ(critical.match.missed(), 1u);
    EXPECT_NEAR(info.false_per_day().value(), 2.0 * 288.0 / 285.0, 1e-12);
    EXPECT_EQ(describe(report.label), "reduced label: price; no OI, notional");
}

TEST(Collector, TrialScoresMakeNoEpisode) {
    Collector collector;
    add_prices(collector, 100);
    add_score(collector, hour, 95.0, true);
    EXPECT_TRUE(collector.report({}).markets[0].episodes.empty());
    add_score(collector, hour + five, 60.0);
    const RunReport report = collector.report({});
    ASSERT_EQ(report.markets[0].episodes.size(), 1u);
    EXPECT_EQ(report.markets[0].episodes[0].peak, 60.0);
    EXPECT_TRUE(report.markets[0].episodes[0].outcome);
}

TEST(Collector, PriceAndOpenInterestComeFromTheFinestStreamThatLasts) {
    Collector collector;
    add_prices(collector, 500);
    for (Time i = 0; i < 42; ++i) {
        collector.add(PriceRecord{i * hour, "BTC", "bybit", hour, 90.0, 300.0, 1.0});
        collector.add(OpenInterestRecord{i * hour, "BTC", "lighter", hour, 10.0});
    }
    collector.add(PriceRecord{hour, "BTC", "ticks", 0, 5.0, {}, {}});
    const RunReport report = collector.report({});
    ASSERT_EQ(report.markets.size(), 1u);
    EXPECT_EQ(report.markets[0].price->stream, "binance");
    EXPECT_EQ(report.markets[0].price->high, 100.1);
    EXPECT_FALSE(report.markets[0].onsets.conditions.interest);  // hourly: too coarse for 15 min
}

TEST(Collector, CascadesAddUpByMarketAndSideWithTheLastStateOfEach) {
    Collector collector;
    const auto cascade = [&](std::uint64_t id, Side side, double usd, bool closed) {
        collector.add(CascadeRecord{
            {0, id}, "ETH", side, Time(id) * hour, Time(id) * hour + 9, 7, usd, 2, closed});
    };
    cascade(1, Side::longs, 1e5, false);
    cascade(1, Side::longs, 3e5, true);
    cascade(2, Side::longs, 2e5, true);
    cascade(3, Side::shorts, 9e5, false);
    const RunReport report = collector.report({});
    ASSERT_EQ(report.cascades.size(), 2u);
    EXPECT_EQ(report.cascades[0].count, 2u);
    EXPECT_EQ(report.cascades[0].notional, 5e5);
    EXPECT_EQ(report.cascades[0].largest, 3e5);
    EXPECT_EQ(report.cascades[0].largest_start, hour);
    EXPECT_EQ(report.cascades[0].cross_exchange, 2u);
    EXPECT_EQ(report.cascades[1].open, 1u);
}

TEST(Collector, CoverageIsWeightedByTimeAndLeavesWarmUpOut) {
    Collector collector;
    collector.add(PriceRecord{0, "BTC", "binance", hour, 90.0, {}, {}});
    collector.add(ScoreRecord{0, "no price", "ignition", Direction::down});
    const auto score = [&](Time at_minute, double coverage, bool warming, bool value) {
        ScoreRecord record{at_minute * minute, "BTC", "ignition", Direction::down};
        record.coverage = coverage;
        record.warming_up = warming;
        record.value = value ? std::optional{1.0} : std::nullopt;
        collector.add(record);
    };
    score(0, 0.0, true, false);
    score(40, 0.8, false, true);
    score(70, 0.0, false, false);
    score(80, 1.0, false, true);
    score(100, 1.0, false, true);
    const Coverage coverage = collector.report({}).coverage.at(0).coverage;
    EXPECT_NEAR(coverage.mean().value(), (0.8 * 30 + 0.0 * 10 + 1.0 * 20) / 60, 1e-12);
    EXPECT_EQ(coverage.minimum, 0.0);
    EXPECT_NEAR(coverage.share(coverage.warming_up), 0.4, 1e-12);
    EXPECT_NEAR(coverage.share(coverage.no_value), 0.1, 1e-12);
}

TEST(Collector, SaysWhatWasMissingAndWhereLiquidationsComeFrom) {
    Collector collector;
    add_prices(collector, 3);
    add_prices(collector, 3, "HYPE");
    collector.add(OpenInterestRecord{0, "BTC", "binance", five, 1.0});
    for (const std::string_view market : {"BTC", "HYPE"}) {
        collector.add(InputRecord{0, market, "okx", InputKind::funding_rate});
        collector.add(LiquidationRecord{0, market, "aave_base", Side::longs, {}, true});
    }
    collector.add(LiquidationRecord{0, "AAVE", "aave_base", Side::longs, 5.0, true});
    collector.add(LiquidationSumRecord{0, "BTC", "binance+okx", hour, 1.0, 2.0});
    collector.add(SourceStatusRecord{0, "feed", SourceStatusRecord::Status::gap});
    const auto notes = collector.report({}).data_notes();
    const std::vector<std::string> expected{
        "no long/short ratio and no stablecoin flow in this data",
        "no open interest for HYPE",
        "single liquidations are on-chain (aave_base): calls of lending protocols, not forced "
        "orders of an exchange",
        "liquidations of binance+okx are sums over 60 min, not single orders",
        "2 liquidations of unknown contract size are in no USD figure",
        "no onset labels for BTC: less than 24 h of usable history",
        "no onset labels for HYPE: less than 24 h of usable history",
        "not scored, no price: AAVE",
        "source feed: gaps: 1, times stale: 0, records dropped: 0"};
    EXPECT_EQ(notes, expected);
    EXPECT_FALSE(collector.report({}).markets[0].onsets.conditions.notional);
}

TEST(Collector, StaysWithinItsBoundsAndCountsWhatItLeavesOut) {
    CollectorOptions options;
    options.max_markets = 2;
    options.minutes_kept = 64;
    Collector collector{options};
    add_score(collector, five, 80.0);
    add_prices(collector, 3, "ETH");
    add_prices(collector, 3, "SOL");
    add_prices(collector, 2 * 288);
    const RunReport report = collector.report({});
    EXPECT_EQ(report.records_not_kept, 3u);
    EXPECT_TRUE(report.markets[0].history_trimmed);
    ASSERT_TRUE(report.markets[0].episodes[0].outcome);  // noted before the price was given up
    EXPECT_TRUE(report.markets[0].episodes[0].outcome->complete);
}

}  // namespace
}  // namespace spillway::report
