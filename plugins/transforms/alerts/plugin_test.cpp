#include "plugin.hpp"

#include <cstring>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spillway/fields.hpp>
#include <spillway/testing/driver.hpp>

namespace spillway::alerts {
namespace {

using spillway::testing::Script;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Driver = spillway::testing::Driver<Alerts>;

constexpr Time noon = 1'770'292'800 * second;

struct ScoreSpec {
    std::string_view name = "risk";
    std::string_view market = "BTC";
    Direction direction = Direction::down;
    bool headline = false;
    bool at_close = true;
    bool missing_ls = false;  ///< the second component
};

Event& score(Script& script, Time now, std::optional<double> value, const ScoreSpec& spec = {}) {
    Event& event = script.at(now, Kind::score);
    event.market = market_id(spec.market);
    ScorePayload& payload = event.score;
    payload.name = name_id(spec.name);
    payload.direction = spec.direction;
    payload.headline = spec.headline;
    payload.at_close = spec.at_close;
    payload.value = value.value_or(0);
    payload.high = value ? *value + (spec.missing_ls ? 20 : 0) : 100;
    for (unsigned f = 0; f < fields_of(Kind::score).size(); ++f) event.set_present(f);
    if (!value) event.set_absent(field::score::value);
    if (spec.name != "risk") return event;
    Contribution parts[2]{};
    parts[0].component = name_id("ignition");
    parts[0].points = value.value_or(0);
    parts[0].cap = 100;
    parts[1].component = name_id("long_short");
    parts[1].cap = 20;
    parts[1].missing = spec.missing_ls;
    payload.contributions = 2;
    script.put(parts, sizeof(parts));
    return event;
}

void pressure(Script& script, Time now, double value) {
    score(script, now, value,
          {.name = "pressure", .market = "*", .direction = Direction::none, .headline = true});
}

void status(Script& script, Time now, FeedState state, std::string_view reason = {}) {
    Event& event = script.at(now, Kind::source_status);
    event.venue = venue_id("okx");
    event.source_status.state = state;
    event.set_present(field::source_status::state);
    event.source_status.about = Kind::liquidation;
    event.set_present(field::source_status::about);
    if (reason.empty()) return;
    event.source_status.reason = script.text(reason);
    event.set_present(field::source_status::reason);
}

std::string message_of(const Driver& driver, std::uint32_t index) {
    const Event& event = driver.out()[index];
    return std::string(driver.out().text(event, driver.out().blob_as<AlertDetail>(event)->message));
}

TEST(AnAlert, SaysWhatWhyAndKeepsItsEpisode) {
    Script script;
    pressure(script, noon, -35.2);
    score(script, noon, 21.1, {.name = "fragility"});
    score(script, noon, 72.4, {.missing_ls = true});
    score(script, noon + minute, 20, {.missing_ls = true});
    for (int i = 1; i <= 31; ++i) score(script, noon + (i + 1) * minute, 20, {.missing_ls = true});
    Driver driver;
    ASSERT_TRUE(driver.play(script));
    ASSERT_THAT(driver.lines(), SizeIs(4));  // repeated after 15 and 30 minutes
    EXPECT_EQ(message_of(driver, 0),
              "CRITICAL BTC down: liquidation risk 72.4 (ignition 72.4), fragility 21.1, "
              "pressure -35.2 (aligned), missing: long_short.");
    EXPECT_THAT(message_of(driver, 1), HasSubstr("Still CRITICAL BTC down"));
    const std::string line = driver.lines()[0];
    EXPECT_THAT(line, HasSubstr(R"("severity":"CRITICAL","state":"firing","direction":"down",)"
                                R"("type":"liquidation_risk")"));
    EXPECT_THAT(line, HasSubstr(R"("contributions":[{"component":"ignition","points":72.4)"));
    const Event& end = driver.out()[3];
    EXPECT_EQ(end.alert.state, AlertState::resolved);
    EXPECT_EQ(end.alert.severity, Severity::critical);
    EXPECT_EQ(end.event_time, noon + 31 * minute);
    for (const Event& event : driver.out().events()) {
        EXPECT_EQ(event.alert.episode, driver.out()[0].alert.episode);
        EXPECT_EQ(text_of(event.market), "BTC");
    }
    EXPECT_NE(driver.out()[0].id, driver.out()[1].id);
}

TEST(AnAlert, ComesOncePerDirectionNotAgainForTheHeadline) {
    Script script;
    score(script, noon, 65);
    score(script, noon, 62, {.direction = Direction::up});
    score(script, noon, 65, {.headline = true});
    Driver driver;
    ASSERT_TRUE(driver.play(script));
    EXPECT_THAT(driver.lines(), SizeIs(2));
}

TEST(AnAlert, ActsOnClosesUnlessToldOtherwise) {
    Script script;
    score(script, noon, 90, {.at_close = false});
    Driver closes;
    ASSERT_TRUE(closes.play(script));
    EXPECT_THAT(closes.lines(), IsEmpty());
    Driver emissions{{"act_on", "emission"}};
    ASSERT_TRUE(emissions.play(script));
    EXPECT_THAT(emissions.lines(), SizeIs(1));
}

TEST(AnAlert, IsNotResolvedByAScoreThatWentMissing) {
    Script script;
    score(script, noon, 65);
    score(script, noon + minute, std::nullopt);
    script.wait_until(noon + 10 * minute);
    Driver driver;
    ASSERT_TRUE(driver.play(script));
    EXPECT_THAT(driver.lines(), SizeIs(1));
}

TEST(AnAlert, BetweenClosesStaysValidByHeartbeats) {
    // Five-minute closes: without the trial scores between them the half hour would stand still.
    Script script;
    score(script, noon, 65);
    for (int i = 1; i <= 40; ++i) {
        score(script, noon + i * minute, i % 5 == 0 ? 20 : 55, {.at_close = i % 5 == 0});
    }
    Driver driver;
    ASSERT_TRUE(driver.play(script));
    ASSERT_GE(driver.out().size(), 2U);
    const Event& end = driver.out()[driver.out().size() - 1];
    EXPECT_EQ(end.alert.state, AlertState::resolved);
    EXPECT_EQ(end.event_time, noon + 35 * minute);
}

TEST(AnAlert, OfProfileClassicWaitsForThePressure) {
    Script script;
    score(script, noon, 75);
    pressure(script, noon + 10 * second, -40);
    Driver driver{{"profile", "classic"}};
    ASSERT_TRUE(driver.play(script));
    ASSERT_THAT(driver.lines(), SizeIs(2));
    EXPECT_EQ(driver.out()[0].alert.severity, Severity::info);
    EXPECT_FALSE(driver.out()[0].has(field::alert::pressure));
    EXPECT_EQ(driver.out()[1].alert.severity, Severity::critical);
    EXPECT_EQ(driver.out()[1].event_time, noon + 10 * second);
}

TEST(AnAlert, CanWatchIgnition) {
    Script script;
    score(script, noon, 65);
    score(script, noon, 72, {.name = "ignition"});
    Driver driver{{"score", "ignition"}};
    ASSERT_TRUE(driver.play(script));
    ASSERT_THAT(driver.lines(), SizeIs(1));
    EXPECT_EQ(driver.out()[0].alert.type, AlertType::ignition);
    EXPECT_EQ(message_of(driver, 0), "CRITICAL BTC down: ignition 72.0.");
}

TEST(ACrash, IsFiveMessagesAndOneForTheRest) {
    Script script;
    for (const std::string_view market : {"A", "B", "C", "D", "E", "F", "G", "H"}) {
        score(script, noon, 65, {.market = market});
    }
    script.wait_until(noon + 2 * minute);
    Driver driver;
    ASSERT_TRUE(driver.play(script));
    ASSERT_THAT(driver.lines(), SizeIs(7));
    EXPECT_TRUE(driver.out()[5].alert.grouped);
    EXPECT_EQ(text_of(driver.out()[5].market), "*");
    EXPECT_EQ(message_of(driver, 5), "WARNING market-wide down: 1 more market is firing (F).");
    EXPECT_THAT(driver.lines()[6], HasSubstr(R"("markets":"F,G,H")"));
    EXPECT_EQ(driver.out()[6].event_time, noon + minute);
}

TEST(AFeed, ThatStaysDownIsAnAlertOfItsOwn) {
    Script script;
    status(script, noon, FeedState::disconnected, "connection refused");
    status(script, noon + 5 * minute, FeedState::connected);
    Driver driver;
    ASSERT_TRUE(driver.play(script));
    ASSERT_THAT(driver.lines(), SizeIs(2));
    EXPECT_EQ(driver.out()[0].event_time, noon + minute);
    EXPECT_EQ(message_of(driver, 0),
              "WARNING data from okx liquidation is degraded: connection refused.");
    EXPECT_THAT(driver.lines()[0], HasSubstr(R"("venue":"okx","market":"*")"));
    EXPECT_EQ(driver.out()[1].alert.state, AlertState::resolved);
}

TEST(Steps, CannotBeSeenInTheResultsNorCanRestarts) {
    std::mt19937_64 random(11);
    Script script;
    Time now = noon;
    for (int i = 0; i < 600; ++i) {
        if (random() % 4 != 0) now += static_cast<Time>(random() % (90 * second));
        constexpr std::array<std::string_view, 8> markets = {"A", "B", "C", "D",
                                                             "E", "F", "G", "H"};
        const auto any = static_cast<double>(random() % 1000) / 10;
        switch (random() % 12) {
            case 0:
                pressure(script, now, any - 50);
                break;
            case 1:
                status(script, now, static_cast<FeedState>(random() % 6));
                break;
            case 2:
                score(script, now, any, {.name = "fragility", .market = markets[i % 8]});
                break;
            case 3:
                score(script, now, std::nullopt, {.market = markets[i % 8]});
                break;
            default:
                score(script, now, any,
                      {.market = markets[random() % 8],
                       .direction = random() % 2 == 0 ? Direction::down : Direction::up,
                       .at_close = random() % 3 != 0,
                       .missing_ls = random() % 5 == 0});
        }
    }
    Driver whole{{"leave_after", "5m"}, {"group_after", "2"}};
    ASSERT_TRUE(whole.play(script));
    ASSERT_GT(whole.lines().size(), 100U);
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        Driver cut{{"leave_after", "5m"}, {"group_after", "2"}};
        ASSERT_TRUE(cut.play(script, {.most = 20, .seed = seed}));
        EXPECT_TRUE(cut.lines() == whole.lines()) << seed;
    }
    Driver restarted{{"leave_after", "5m"}, {"group_after", "2"}};
    ASSERT_TRUE(restarted.play(script, {.most = 7, .restart = true}));
    EXPECT_TRUE(restarted.lines() == whole.lines());
}

TEST(Options, ThatContradictEachOtherAreRefused) {
    EXPECT_TRUE(Driver().started());
    EXPECT_EQ((Driver{{"warning", "80"}}).started().subject(), "warning");
    EXPECT_EQ((Driver{{"info_leave", "35"}}).started().subject(), "info_leave");
    EXPECT_EQ((Driver{{"act_on", "trial"}}).started().subject(), "act_on");
}

}  // namespace
}  // namespace spillway::alerts
