#include "machine.hpp"

#include <algorithm>
#include <random>
#include <set>

#include <gtest/gtest.h>

namespace spillway::alerts {
namespace {

constexpr Time t0 = 1'770'000'000 * second;

class AlertLifecycle : public testing::Test {
protected:
    void read(Time at, std::optional<double> risk, std::optional<double> pressure = std::nullopt) {
        Reading reading;
        reading.risk = risk;
        reading.high = risk.value_or(100);
        reading.pressure = pressure;
        read(at, reading);
    }
    void read(Time at, const Reading& reading) {
        wait_until(at);
        machine.observe(reading, t0 + at, rules, out);
    }
    void wait_until(Time at) { machine.advance(t0 + at, rules, out); }
    /// Readings every minute in (from, to].
    void hold(Time from, Time to, double risk, std::optional<double> pressure = std::nullopt) {
        for (Time at = from + minute; at <= to; at += minute) read(at, risk, pressure);
    }
    std::vector<Change> changes() const {
        std::vector<Change> changes;
        for (const Notification& step : out) changes.push_back(step.change);
        return changes;
    }
    void predecessor() { rules.profile = Profile::classic; }

    Rules rules;
    AlertMachine machine{{AlertType::liquidation_risk, "BTC", Direction::down}};
    std::vector<Notification> out;
};

TEST_F(AlertLifecycle, EscalatesAtOnceUnderOneId) {
    read(0, 55);
    read(second, 65);
    read(2 * second, 75);
    ASSERT_EQ(changes(), (std::vector{Change::opened, Change::escalated, Change::escalated}));
    EXPECT_EQ(out[2].severity, Severity::critical);
    EXPECT_EQ(out[2].previous, Severity::warning);
    for (const Notification& step : out) {
        EXPECT_EQ(step.episode, out[0].episode);
        EXPECT_EQ(step.started, t0);
    }
    EXPECT_TRUE(out[0].episode);
}

TEST_F(AlertLifecycle, ScaledIsLeftAfterThirtyMinutesBelow) {
    read(0, 55);
    hold(0, 30 * minute, 20);
    EXPECT_EQ(changes(), std::vector{Change::opened}) << "below since minute 1 only";
    hold(30 * minute, 31 * minute, 20);
    ASSERT_EQ(changes(), (std::vector{Change::opened, Change::resolved}));
    EXPECT_EQ(out[1].at, t0 + 31 * minute);
    EXPECT_EQ(out[1].severity, Severity::none);
    EXPECT_FALSE(machine.firing());
}

TEST_F(AlertLifecycle, TheTimerLeavesWithoutAFurtherReading) {
    read(0, 55);
    hold(0, 30 * minute, 20);
    EXPECT_EQ(machine.next_due(rules), t0 + 31 * minute);
    wait_until(31 * minute);
    EXPECT_EQ(out.back().change, Change::resolved);
    EXPECT_EQ(machine.next_due(rules), time_never);
}

TEST_F(AlertLifecycle, TouchingTheThresholdStartsTheHalfHourAnew) {
    read(0, 55);
    hold(0, 29 * minute, 20);
    read(30 * minute, 50);
    hold(30 * minute, 60 * minute, 20);
    EXPECT_TRUE(machine.firing());
    hold(60 * minute, 61 * minute, 20);
    EXPECT_FALSE(machine.firing());
}

TEST_F(AlertLifecycle, SinksStraightToWhatStillHolds) {
    read(0, 75);
    hold(0, 31 * minute, 55);
    std::erase_if(out, [](const Notification& step) { return step.change == Change::repeated; });
    ASSERT_EQ(changes(), (std::vector{Change::opened, Change::de_escalated}));
    EXPECT_EQ(out[1].previous, Severity::critical);
    EXPECT_EQ(out[1].severity, Severity::info) << "not by way of WARNING";
}

TEST_F(AlertLifecycle, EachThresholdCountsItsOwnHalfHour) {
    read(0, 75);
    hold(0, 20 * minute, 65);
    hold(20 * minute, 31 * minute, 40);
    EXPECT_EQ(machine.severity(), Severity::warning) << "below 60 for ten minutes only";
    hold(31 * minute, 50 * minute, 40);
    EXPECT_EQ(machine.severity(), Severity::warning);
    hold(50 * minute, 51 * minute, 40);
    EXPECT_EQ(machine.severity(), Severity::none);
}

TEST_F(AlertLifecycle, ASecondEpisodeHasAnotherId) {
    read(0, 55);
    hold(0, 31 * minute, 20);
    read(40 * minute, 55);
    EXPECT_NE(out.front().episode, out.back().episode);
    EXPECT_EQ(out.back().started, t0 + 40 * minute);
}

TEST_F(AlertLifecycle, RepeatsWarningsEveryFifteenMinutesAndInfoNever) {
    read(0, 65);
    hold(0, 45 * minute, 65);
    EXPECT_EQ(changes(),
              (std::vector{Change::opened, Change::repeated, Change::repeated, Change::repeated}));
    EXPECT_EQ(out[1].at, t0 + 15 * minute);
    EXPECT_EQ(out[2].at, t0 + 30 * minute);

    out.clear();
    machine = AlertMachine({AlertType::liquidation_risk, "ETH", Direction::down});
    read(50 * minute, 55);
    hold(50 * minute, 5 * hour, 55);
    EXPECT_EQ(changes(), std::vector{Change::opened});
}

TEST_F(AlertLifecycle, AnEscalationPostponesTheRepeat) {
    read(0, 65);
    read(14 * minute, 75);
    wait_until(28 * minute);
    EXPECT_EQ(out.size(), 2U);
    wait_until(29 * minute);
    EXPECT_EQ(out.back().change, Change::repeated);
}

TEST_F(AlertLifecycle, MissingDataNeverDeEscalates) {
    read(0, 75);
    read(minute, 20);
    for (Time at = 2 * minute; at <= 5 * hour; at += minute) read(at, std::nullopt);
    EXPECT_EQ(machine.severity(), Severity::critical);
    EXPECT_EQ(out.back().change, Change::repeated) << "it still fires, and says so";
    hold(5 * hour, 5 * hour + 29 * minute, 20);
    EXPECT_EQ(machine.severity(), Severity::critical) << "the missing hours do not count as below";
    hold(5 * hour + 29 * minute, 5 * hour + 31 * minute, 20);
    EXPECT_EQ(machine.severity(), Severity::none);
}

TEST_F(AlertLifecycle, SilenceIsMissingData) {
    read(0, 75);
    read(minute, 20);
    wait_until(day);
    EXPECT_EQ(machine.severity(), Severity::critical);
}

TEST_F(AlertLifecycle, LosingAComponentDoesNotLookLikeCalm) {
    Reading full;
    full.risk = full.high = 75;
    full.missing = 0b1000;  // never had long/short
    read(0, full);
    Reading lost;
    lost.risk = 25;
    lost.high = 95;
    lost.missing = 0b1010;  // open interest is gone: 25 is only what is left
    for (Time at = minute; at <= 2 * hour; at += minute) read(at, lost);
    EXPECT_EQ(machine.severity(), Severity::critical);
    lost.high = 45;  // even with it the risk could not reach any threshold
    for (Time at = 2 * hour + minute; at <= 2 * hour + 31 * minute; at += minute) read(at, lost);
    EXPECT_EQ(machine.severity(), Severity::none);
}

TEST_F(AlertLifecycle, AComponentThatNeverWasThereHoldsNothingUp) {
    Reading reading;
    reading.missing = 0b1000;
    reading.risk = 55;
    reading.high = 75;
    read(0, reading);
    reading.risk = 40;
    reading.high = 60;
    for (Time at = minute; at <= 31 * minute; at += minute) read(at, reading);
    EXPECT_FALSE(machine.firing());
}

TEST_F(AlertLifecycle, ElevatedIsAStateNotANotification) {
    Reading reading;
    reading.risk = reading.high = 10;
    reading.fragility = 60;
    read(0, reading);
    EXPECT_TRUE(machine.elevated());
    reading.fragility = std::nullopt;
    read(minute, reading);
    EXPECT_TRUE(machine.elevated()) << "missing data changes nothing";
    reading.fragility = 59.9;
    read(2 * minute, reading);
    EXPECT_FALSE(machine.elevated());
    EXPECT_TRUE(out.empty());
}

TEST_F(AlertLifecycle, PredecessorLeavesWithHysteresis) {
    predecessor();
    read(0, 75, -40);
    hold(0, 5 * minute, 65, -20);
    EXPECT_EQ(machine.severity(), Severity::critical) << "65 and -20 do not leave";
    read(6 * minute, 64.9, -20);
    EXPECT_EQ(machine.severity(), Severity::warning);
    hold(6 * minute, 8 * minute, 45, 50);
    EXPECT_EQ(machine.severity(), Severity::warning);
    hold(8 * minute, 10 * minute, 44.9, 50);
    EXPECT_EQ(machine.severity(), Severity::info);
    hold(10 * minute, 12 * minute, 25, 50);
    EXPECT_EQ(machine.severity(), Severity::info);
    hold(12 * minute, 14 * minute, 24.9, 50);
    EXPECT_EQ(machine.severity(), Severity::none);
}

TEST_F(AlertLifecycle, PredecessorLeavesCriticalByPressure) {
    predecessor();
    read(0, 90, -40);
    read(2 * minute, 90, -19.9);
    EXPECT_EQ(machine.severity(), Severity::warning);
}

TEST_F(AlertLifecycle, SinksOnlyAfterAMinuteInTheSeverity) {
    predecessor();
    read(0, 75, -40);
    read(20 * second, 10, -40);
    EXPECT_EQ(machine.severity(), Severity::critical);
    EXPECT_EQ(machine.next_due(rules), t0 + minute);
    wait_until(minute);
    EXPECT_EQ(out.back().change, Change::resolved) << "straight to the target";
    EXPECT_EQ(out.back().at, t0 + minute);
}

TEST_F(AlertLifecycle, PredecessorHoldsWhileRiskIsMissing) {
    predecessor();
    read(0, 75, -40);
    read(2 * minute, std::nullopt, 50);
    wait_until(hour);
    EXPECT_EQ(machine.severity(), Severity::critical);
    read(hour, 75);
    EXPECT_EQ(machine.severity(), Severity::critical) << "an unknown pressure leaves nothing";
}

TEST(AlertProperties, RandomLivesAreConsistent) {
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
        std::mt19937 random(seed);
        Rules rules;
        rules.profile = seed % 2 == 0 ? Profile::scaled : Profile::classic;
        AlertMachine machine({AlertType::liquidation_risk, "BTC", Direction::up});
        std::vector<Notification> out;
        double risk = 30;
        for (Time now = t0; now < t0 + 40 * hour; now += minute) {
            risk = std::clamp(risk + static_cast<double>(random() % 41) - 20.5, 0.0, 100.0);
            Reading reading;
            if (random() % 10 != 0) reading.risk = reading.high = risk;
            if (random() % 5 != 0) reading.pressure = static_cast<double>(random() % 200) - 100;
            machine.advance(now, rules, out);
            machine.observe(reading, now, rules, out);
        }
        std::set<Id> over;
        Severity severity = Severity::none;
        Time last = 0;
        Time since = 0;
        Id open;
        for (const Notification& step : out) {
            EXPECT_GE(step.at, last);
            last = step.at;
            EXPECT_EQ(step.previous, severity);
            if (step.change == Change::opened) {
                EXPECT_EQ(severity, Severity::none);
                open = step.episode;
                EXPECT_FALSE(over.contains(open)) << "an id is used once";
            }
            EXPECT_EQ(step.episode, open) << "one id from first to last";
            EXPECT_TRUE(step.severity >= severity || step.at - since >= rules.min_dwell);
            EXPECT_TRUE(step.change != Change::repeated || severity >= Severity::warning);
            if (step.change == Change::resolved) over.insert(open);
            if (step.severity != severity) since = step.at;
            severity = step.severity;
        }
        EXPECT_GT(out.size(), 10U);
    }
}

TEST(AlertProperties, HigherRiskAllAlongNeverMeansLowerSeverity) {
    Rules rules;
    rules.min_dwell = 0;
    std::mt19937 random(11);
    AlertMachine low({AlertType::liquidation_risk, "BTC", Direction::down});
    AlertMachine high = low;
    std::vector<Notification> out;
    double risk = 40;
    for (Time now = t0; now < t0 + 200 * hour; now += minute) {
        risk = std::clamp(risk + static_cast<double>(random() % 21) - 10, 0.0, 90.0);
        Reading reading;
        reading.risk = reading.high = risk;
        low.advance(now, rules, out);
        low.observe(reading, now, rules, out);
        reading.risk = reading.high = risk + static_cast<double>(random() % 10);
        high.advance(now, rules, out);
        high.observe(reading, now, rules, out);
        ASSERT_LE(low.severity(), high.severity());
    }
}

}  // namespace
}  // namespace spillway::alerts
