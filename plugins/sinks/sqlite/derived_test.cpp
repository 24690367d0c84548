#include <gmock/gmock.h>

#include "testing/store_fixture.hpp"

namespace spillway::sqlite {
namespace {

using ::testing::ElementsAre;
using testing::evening;
using testing::Events;

class DerivedRows : public testing::StoreTest {
protected:
    static constexpr unsigned all_score_fields = 12;

    /// A headline risk with three components, one of them missing.
    static Event& risk(Events& events, double value) {
        Event& event = events.add(Kind::score, 7);
        event.instrument = InstrumentId::none;
        event.venue = VenueId::none;
        event.score = {value,
                       value,
                       80,
                       0.8,
                       name_id("risk"),
                       name_id("scaled"),
                       NameId::none,
                       3,
                       Direction::down,
                       true,
                       false,
                       true,
                       true};
        for (unsigned f = 0; f < all_score_fields; ++f) event.set_present(f);
        event.set_absent(field::score::model);
        const Contribution parts[] = {
            {25,
             30,
             0.0004,
             12'500 * millisecond,
             name_id("funding"),
             NameId::none,
             {},
             false,
             true},
            {0, 20, 0, -1, name_id("long_short"), name_id("never seen"), {}, true, false},
            {15, 20, 9e6, -1, name_id("liquidations"), NameId::none, {}, false, true}};
        events.append(event, parts, sizeof(parts));
        const BlobRange venues = events.batch().add_text(event, "binance,okx");
        Contribution first = parts[0];
        first.venues = venues;
        auto* blob = const_cast<std::byte*>(events.batch().blob(event).data());
        std::memcpy(blob, &first, sizeof(first));
        return event;
    }
};

TEST_F(DerivedRows, AScoreKeepsItsContributionsAsJson) {
    Events events;
    risk(events, 62.5);
    store_all(events);
    EXPECT_EQ(value("SELECT market, symbol, name, direction, headline, value, low, high, coverage, "
                    "profile, model, warming_up, young_ranks, at_close FROM scores"),
              "BTC|BTCUSDT|risk|down|1|62.5|62.5|80.0|0.8|scaled||0|1|1");
    EXPECT_EQ(
        value("SELECT contributions FROM scores"),
        R"({"funding":{"points":25,"cap":30,"raw":4e-04,"age":12.5,"venues":["binance","okx"]},)"
        R"("long_short":{"cap":20,"missing":true,"reason":"never seen"},)"
        R"("liquidations":{"points":15,"cap":20,"raw":9e+06}})");
    EXPECT_EQ(value("SELECT json_valid(contributions) FROM scores"), "1");
}

TEST_F(DerivedRows, TheHeadlineShowsItsComponentsUnderOldAndNewNames) {
    Events events;
    risk(events, 62.5);
    store_all(events);
    EXPECT_EQ(value("SELECT symbol, risk_score, funding_component, oi_component, price_component, "
                    "liquidation_cluster_distance, ls_component, liq_component, "
                    "ignition_component, profile, direction FROM liquidation_risk"),
              "BTCUSDT|62.5|25|||15||15||scaled|down");
}

TEST_F(DerivedRows, AnUnknownScoreIsNullNeverZero) {
    Events events;
    Event& event = risk(events, 0);
    event.set_absent(field::score::value);
    store_all(events);
    EXPECT_EQ(value("SELECT value IS NULL, high FROM scores"), "1|80.0");
}

TEST_F(DerivedRows, AReplayReplacesAScore) {
    Events first, again;
    risk(first, 10);
    risk(again, 20);
    store_all(first);
    store_all(again, 2);
    EXPECT_EQ(value("SELECT value FROM scores"), "20.0");
}

TEST_F(DerivedRows, PressureIsAViewOfItsScore) {
    Events events;
    Event& event = events.add(Kind::score, 8);
    event.market = market_wide();
    event.score = {-30.5,
                   -30.5,
                   -30.5,
                   1,
                   name_id("pressure"),
                   name_id("monotone"),
                   NameId::none,
                   3,
                   Direction::none,
                   false,
                   false,
                   false,
                   true};
    for (unsigned f = 0; f < all_score_fields; ++f) event.set_present(f);
    const Contribution parts[] = {
        {-30.5, 50, -61e6, -1, name_id("exchange_flow"), NameId::none, {}, false, true},
        {0, 50, 4e6, -1, name_id("mint_burn"), NameId::none, {}, false, true},
        {0, 0, 12, -1, name_id("large_transfers"), NameId::none, {}, false, true}};
    events.append(event, parts, sizeof(parts));
    store_all(events);
    EXPECT_EQ(value("SELECT buying_pressure_score, net_exchange_flow, large_transfers_count, "
                    "mint_burn_delta FROM stablecoin_pressure"),
              "-30.5|-61000000.0|12|4000000.0");
    EXPECT_EQ(value("SELECT symbol FROM scores"), "*");
}

TEST_F(DerivedRows, AlertsCombineRiskAndPressureByDirection) {
    Events events;
    for (const Direction direction : {Direction::down, Direction::up}) {
        Event& event = events.add(Kind::alert, 10 + static_cast<std::uint64_t>(direction));
        event.alert = {{1, 2},
                       evening,
                       72,
                       -35,
                       0,
                       Severity::critical,
                       AlertState::firing,
                       direction,
                       AlertType::liquidation_risk,
                       true,
                       false,
                       false};
        Events::mark(event, {field::alert::score, field::alert::pressure});
        AlertDetail detail{};
        events.append(event, &detail, sizeof(detail));
        detail.message = events.batch().add_text(event, "BTC risk 72: funding 25");
        std::memcpy(const_cast<std::byte*>(events.batch().blob(event).data()), &detail,
                    sizeof(detail));
    }
    Event& data = events.add(Kind::alert, 20);
    data.market = MarketId::none;
    data.alert = {{1, 3},
                  evening,
                  0,
                  0,
                  0,
                  Severity::warning,
                  AlertState::resolved,
                  Direction::none,
                  AlertType::data,
                  false,
                  false,
                  false};
    const AlertDetail nothing{};
    events.append(data, &nothing, sizeof(nothing));
    store_all(events);
    EXPECT_THAT(
        rows("SELECT symbol, alert_type, severity, liquidation_risk_score, buying_pressure_score, "
             "combined_score, message, alert_id, state, direction, aligned FROM cascade_alerts"),
        ElementsAre("BTCUSDT|liquidation_risk|CRITICAL|72.0|-35.0|107.0|BTC risk 72: funding 25|"
                    "00000000-0000-0001-0000-000000000002|firing|down|1",
                    "BTCUSDT|liquidation_risk|CRITICAL|72.0|-35.0|37.0|BTC risk 72: funding 25|"
                    "00000000-0000-0001-0000-000000000002|firing|up|1",
                    "*|data|WARNING|||||00000000-0000-0001-0000-000000000003|resolved|none|0"));
}

TEST_F(DerivedRows, AnEpisodeIsOneRowFromFirstEventToEnd) {
    Events events;
    events.cascade({0xC, 1}, {});
    Event& end = events.cascade({0xC, 1}, {}, 0.25);
    end.cascade.state = CascadeState::closed;
    end.set_absent(field::cascade::side);
    store_all(events);
    EXPECT_EQ(value("SELECT * FROM cascade_episodes"),
              "00000000-0000-000c-0000-000000000001|BTC|BOTH|1770323100000000000|"
              "1770323101000000000|closed|7|4000000.0|5|2|0.25|0.75|0.6|[\"binance\",\"okx\"]");
}

}  // namespace
}  // namespace spillway::sqlite
